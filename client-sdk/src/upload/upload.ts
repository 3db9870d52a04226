import type { Video } from '../../../shared/index.ts'
import { errorFromBody, type HttpCaller, jsonFrom } from '../http/call.ts'
import type { CallOptions } from '../options.ts'
import { RushesError } from '../rushes-error.ts'
import { announcing, captionsText } from './announce.ts'
import { createProgressMeter, type UploadProgress } from './progress-meter.ts'
import { sendByStream } from './send-by-stream.ts'
import { sendByXhr } from './send-by-xhr.ts'
import { type PartsListener, sendInParts } from './send-in-parts.ts'
import type { Sending, UploadForm } from './sending.ts'
import { openSource, type UploadInput } from './source.ts'
import type { UploadSource } from './upload-source.ts'

export interface UploadOptions extends CallOptions {
  /** Shown for the video; made from the file's name when not given. */
  title?: string | undefined
  /** WebVTT or SubRip: then nothing has to be transcribed. */
  captions?: string | Blob | undefined
  /**
   * Sent so that it goes on after a broken connection, where the server offers it. True for files from 16 MiB on when
   * not given; false for streams, beside captions that are not UTF-8, and through a `fetch` of one's own, which all need
   * one request. With captions or an idempotency key its video is there from the start, as a direct upload.
   */
  resumable?: boolean | undefined
  /**
   * 1 to 200 characters of your own: whoever uploads with the same again, within a day, gets the same video. Throws
   * `upload.in_progress` when the first one takes too long to wait for.
   */
  idempotencyKey?: string | undefined
  /** Called as bytes leave, a few times a second at most, and once at the end. */
  onProgress?: ((progress: UploadProgress) => void) | undefined
}

/**
 * Sends a film in constant memory. Throws `RushesError`: `upload.unsupported_media`, `upload.too_large`, `network`, …;
 * or the signal's reason.
 */
export async function upload(
  http: HttpCaller,
  input: UploadInput,
  { title, captions, resumable, idempotencyKey, onProgress, signal, ...listener }: UploadOptions & PartsListener = {},
): Promise<Video> {
  signal?.throwIfAborted()
  const source = await openSource(input)
  signal?.throwIfAborted()
  const text = captions === undefined ? undefined : await captionsText(captions)
  const inOneRequest = source.from === null || text === null || http.fetchIsOwn
  if (resumable && inOneRequest) throw new RushesError('request.invalid', onlyInOneRequest)
  const meter = createProgressMeter(source.sizeBytes, onProgress)
  if (resumable ?? (!inOneRequest && (source.sizeBytes ?? 0) >= worthResuming)) {
    const announce = announcing(http, source, { title, captions: text ?? undefined, idempotencyKey, signal })
    const metering = { onSent: meter.sent, onBegin: meter.begin }
    const video = await sendInParts(http, source, { ...listener, ...metering, title, signal, announce })
    if (video) {
      meter.complete()
      return video
    }
  }
  const form = { title, captions: asBlob(captions), filename: source.filename }
  const keyed = idempotencyKey === undefined ? {} : { 'idempotency-key': idempotencyKey }
  const send = async (shown: Record<string, string>): Promise<Video> => {
    const about = { url: http.urlOf('videos.upload', {}), headers: { ...shown, ...keyed }, signal, onSent: meter.sent }
    return sendForm(http, { form, source, about })
  }
  const { credentials } = http
  // A stream comes once.
  const video = await (source.from ? credentials.showing(send, signal) : send(await credentials.headers(signal)))
  meter.complete()
  return video
}

async function sendForm(
  http: HttpCaller,
  { form, source, about }: { form: UploadForm; source: UploadSource; about: Sending },
): Promise<Video> {
  const { status, text } = await (http.isBrowser
    ? sendByXhr(form, source.blob ?? (await collected(source)), about)
    : sendByStream(form, source, { ...about, fetch: http.fetch }))
  if (status < 200 || status > 299) throw errorFromBody(text, status)
  return (jsonFrom(text, status) as { video: Video }).video
}

/** Smaller ones are sent again as quickly. */
const worthResuming = 16 * 1024 * 1024
const onlyInOneRequest =
  'A stream, a film with captions that are not UTF-8, and what goes through a `fetch` of your own can only be sent in one request.'

/** Browsers can't send a stream over HTTP/1.1; what they collect they may keep on disk. */
async function collected(source: UploadSource): Promise<Blob> {
  const chunks: Blob[] = []
  for await (const chunk of source.bytes()) chunks.push(new Blob([chunk as Uint8Array<ArrayBuffer>]))
  return new Blob(chunks)
}

const asBlob = (captions: string | Blob | undefined): Blob | undefined =>
  typeof captions === 'string' ? new Blob([captions]) : captions
