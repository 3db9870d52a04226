import type { DirectUpload, Video } from '../../../shared/index.ts'
import { errorFromBody, jsonFrom } from '../http/call.ts'
import type { CallOptions } from '../options.ts'
import { pause } from '../pause.ts'
import { networkError, RushesError } from '../rushes-error.ts'
import { createProgressMeter, type UploadProgress } from './progress-meter.ts'
import { type BytesPut, putBytes } from './put-bytes.ts'
import { type PartsPlan, putParts, type SentPart } from './put-parts.ts'
import { retrying } from './retrying.ts'
import { openSource, type UploadInput } from './source.ts'

export interface UploadToOptions extends CallOptions {
  /** Called as bytes leave, a few times a second at most, and once at the end. */
  onProgress?: ((progress: UploadProgress) => void) | undefined
  /** Instead of the global one. */
  fetch?: typeof globalThis.fetch | undefined
}

/** A direct upload as `videos.createDirectUpload` gives it: with whole addresses. */
export type UploadAddress = Pick<DirectUpload, 'url' | 'completeUrl' | 'abortUrl' | 'parts'>

/**
 * Sends a film to a direct upload, without any key: to the server, or past it to its object store, there in parts where
 * that is offered, three at a time and each again when it broke off. Resolves with the video when its bytes are stored.
 * An aborted signal removes what was sent, and the upload waits again. Throws `RushesError`: `upload.already_done`,
 * `upload.expired`, `upload.unsupported_media`, `network`, …; or the signal's reason.
 */
export async function uploadTo(
  upload: UploadAddress,
  input: UploadInput,
  { signal, onProgress, fetch: own }: UploadToOptions = {},
): Promise<Video> {
  signal?.throwIfAborted()
  const source = await openSource(input)
  signal?.throwIfAborted()
  const meter = createProgressMeter(source.sizeBytes, onProgress)
  const fetch: typeof globalThis.fetch = (url, init) => (own ?? globalThis.fetch)(url, init)
  const isBrowser = own === undefined && typeof XMLHttpRequest !== 'undefined'
  const put = { source, fetch, isBrowser, signal, onSent: meter.sent }
  try {
    const video = await (upload.completeUrl === null
      ? toServer(upload.url, put)
      : toStore({ ...upload, completeUrl: upload.completeUrl }, put))
    meter.complete()
    return video
  } catch (fault) {
    // Nobody waits for it: what could not be removed expires.
    if (signal?.aborted && upload.completeUrl !== null) fetch(upload.abortUrl, { method: 'DELETE' }).catch(() => {})
    throw fault
  }
}

type Put = Omit<BytesPut, 'url'>

/** What breaks off there may have been refused: whoever gave the film decides whether to send it again. */
async function toServer(url: string, put: Put): Promise<Video> {
  const { status, text } = await putBytes({ ...put, url })
  if (status > 299) throw errorFromBody(text, status)
  return (jsonFrom(text, status) as { video: Video }).video
}

async function toStore({ url, parts, completeUrl }: UploadAddress & { completeUrl: string }, put: Put): Promise<Video> {
  const { source, signal } = put
  if (parts && source.from)
    return complete(completeUrl, put, await putParts({ ...parts, sign: signer(parts, put) }, put))
  const once = async () => {
    const { status, text } = await putBytes({ ...put, url })
    if (status > 299) throw errorFromBody(text, status)
  }
  // A stream comes once.
  await (source.from ? retrying(once, signal) : once())
  return complete(completeUrl, put)
}

const signer =
  ({ signUrl }: { signUrl: string }, put: Put): PartsPlan['sign'] =>
  async numbers =>
    ((await post(signUrl, { numbers }, put)) as { parts: Awaited<ReturnType<PartsPlan['sign']>> }).parts

const busyMs = 500

/** The server looks at the whole film first: an answer that got lost on the way is asked for again. */
async function complete(url: string, put: Put, parts?: SentPart[]): Promise<Video> {
  for (;;) {
    try {
      const answer = await retrying(() => post(url, parts ? { parts } : {}, put), put.signal)
      return (answer as { video: Video }).video
    } catch (fault) {
      if (!(fault instanceof RushesError && fault.code === 'upload.in_progress')) throw fault
      await pause(busyMs, put.signal)
    }
  }
}

async function post(url: string, body: unknown, { fetch, signal }: Put): Promise<unknown> {
  const headers = { 'content-type': 'application/json', accept: 'application/json' }
  try {
    const response = await fetch(url, {
      ...{ method: 'POST', headers, body: JSON.stringify(body) },
      ...(signal ? { signal } : {}),
    })
    const text = await response.text()
    if (!response.ok) throw errorFromBody(text, response.status)
    return jsonFrom(text, response.status)
  } catch (fault) {
    if (signal?.aborted) throw signal.reason
    throw fault instanceof RushesError ? fault : networkError(fault)
  }
}
