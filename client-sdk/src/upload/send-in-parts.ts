import type { DetailedError, PreviousUpload, UploadOptions as TusOptions, Upload as TusUpload } from 'tus-js-client'
import { resumablePath, type Video } from '../../../shared/index.ts'
import { createDeferred } from '../deferred.ts'
import { errorFromBody, type HttpCaller } from '../http/call.ts'
import type { Credentials } from '../http/credentials.ts'
import { isPassingStatus } from '../may-pass.ts'
import { pause } from '../pause.ts'
import { networkError, RushesError } from '../rushes-error.ts'
import type { Announce } from './announce.ts'
import { createParts } from './parts.ts'
import type { UploadSource } from './upload-source.ts'

/** Stops an upload where it is, and lets it go on from there. Both do nothing where they change nothing. */
export interface Brake {
  pause(): void
  /** While a broken connection is waited for: tries at once. */
  resume(): void
}

/** What an upload in parts tells of itself. */
export interface PartsListener {
  /** The server takes parts: from here on it can be paused. */
  onPausable?: ((brake: Brake) => void) | undefined
  /** The connection broke, and will be tried again; false: it is back. */
  onConnectionLost?: ((lost: boolean) => void) | undefined
}

export interface PartsOptions extends PartsListener {
  title: string | undefined
  signal: AbortSignal | undefined
  onSent: (sentBytes: number) => void
  /** Sending begins, or goes on, with this byte: those before it were there. */
  onBegin: (fromByte: number) => void
  /** Makes the video that the film is for, before its first byte leaves. */
  announce: Announce | undefined
}

type Announced = Awaited<ReturnType<Announce>>

/** After a broken connection, and again from the start of the list when something got through meanwhile. */
const retryDelaysMs = [0, 500, 1000, 2000, 4000, 8000, 15_000, 30_000]
const pollMs = 250

/**
 * Sends a film by the tus protocol, going on where a broken connection left it; in browsers also after the page was
 * loaded again. Undefined when the server does not offer it. An aborted signal removes what was sent.
 */
export async function sendInParts(
  http: HttpCaller,
  source: UploadSource,
  options: PartsOptions,
): Promise<Video | undefined> {
  const { Upload } = await import('tus-js-client')
  const { signal } = options
  const parts = createParts(source, http.isBrowser)
  const { promise, resolve, reject } = createDeferred<string | undefined>()
  /** One after the other: what was stopped never starts again, so a late answer to it can't disturb the next. */
  let attempt: TusUpload
  let stopped = false
  let announced: Announced | undefined

  const begin = (url: string | null) => {
    const upload = new Upload(source.blob ?? new Blob(), tusOptions(http, source, options.title))
    attempt = upload
    stopped = false
    const isOver = () => stopped || attempt !== upload
    const { credentials } = http
    const listening = createListening(upload, { options, credentials, isOver, resolve, reject })
    const fileReader = { openFile: async () => parts }
    Object.assign(upload.options, listening, {
      fileReader,
      // From here on a lost upload is a failure, never a silent new start.
      onUploadUrlAvailable: () => {
        upload.options.endpoint = null
        options.onConnectionLost?.(false)
        options.onPausable?.({ pause: stop, resume: goOn })
      },
    } satisfies TusOptions)
    const start = async () => {
      if (await findBefore(upload, { url, isBrowser: http.isBrowser })) return upload.start()
      announced = await options.announce?.()
      if (isOver()) return
      if (announced && isHere(announced.video)) return resolve(announced.upload.url)
      if (announced) aimAt(upload, http, announced)
      upload.start()
    }
    start().catch(reject)
  }
  const stop = () => {
    stopped = true
    attempt.abort().catch(() => {}) // nothing is waited for
    parts.close()
  }
  const goOn = () => {
    const { url } = attempt
    stop()
    begin(url)
  }
  const cancel = () => {
    stop()
    // Nobody waits for it: what could not be removed expires.
    attempt
      .abort(true)
      .then(() => announced && http.call('videos.delete', { params: { id: announced.video.id } }))
      .catch(() => {})
    reject(signal?.reason)
  }

  signal?.addEventListener('abort', cancel, { once: true })
  begin(null)
  const url = await promise.finally(() => signal?.removeEventListener('abort', cancel))
  return url === undefined ? undefined : videoOf(http, url.split('/').at(-1) ?? '', signal)
}

interface Listening {
  options: PartsOptions
  credentials: Credentials
  /** Stopped, or another one goes on in its place. */
  isOver: () => boolean
  resolve: (url: string | undefined) => void
  reject: (fault: unknown) => void
}

function createListening(upload: TusUpload, listening: Listening): TusOptions {
  const { options, credentials, isOver, resolve, reject } = listening
  let begun = false
  let isAnotherTried = false
  const mayTryAnother = (status: number) => status === 401 && credentials.mayChange && !isAnotherTried
  return {
    onProgress(sentBytes) {
      if (isOver()) return
      if (begun) options.onSent(sentBytes)
      // The first one of each request says where it begins.
      else options.onBegin(sentBytes)
      begun = true
    },
    async onBeforeRequest(request) {
      const token = await credentials.token()
      // A stopped one may have been about to ask: its request is never sent. What was sent may still be removed.
      if (isOver() && request.getMethod() !== 'DELETE') return new Promise<void>(() => {})
      if (token) request.setHeader('Authorization', `Bearer ${token}`)
    },
    onAfterResponse(_request, response) {
      const status = response.getStatus()
      if (status !== 401) isAnotherTried = false
      if (mayTryAnother(status)) return
      if (upload.url !== null || response.getHeader('Tus-Resumable') || status >= 500) return
      // Somebody else answered: a server without it, or whoever refuses the key. One request will tell.
      resolve(undefined)
      upload.abort().catch(() => {}) // nothing is under way
    },
    onShouldRetry({ originalResponse, causingError }) {
      const status = originalResponse?.getStatus() ?? 0
      begun = false
      if (mayTryAnother(status)) {
        isAnotherTried = true
        return true
      }
      // What never began fails at once, as any other call does.
      const again = upload.url !== null && mayPass(status) && !isFinal(causingError)
      if (again && !isOver() && (status === 0 || status >= 500)) options.onConnectionLost?.(true)
      return again
    },
    onSuccess: () => resolve(upload.url ?? undefined),
    onError: fault => reject(failureOf(fault)),
  }
}

function tusOptions(http: HttpCaller, source: UploadSource, title: string | undefined): TusOptions {
  return {
    endpoint: http.addressOf(resumablePath),
    metadata: {
      filename: source.filename,
      ...(source.blob?.type ? { filetype: source.blob.type } : {}),
      ...(title === undefined ? {} : { title }),
    },
    retryDelays: retryDelaysMs,
    storeFingerprintForResuming: http.isBrowser,
    removeFingerprintOnSuccess: true,
  }
}

/** True when it goes on: at `url`, or, in browsers, where the same file was left before. */
async function findBefore(
  upload: TusUpload,
  { url, isBrowser }: { url: string | null; isBrowser: boolean },
): Promise<boolean> {
  // Where storage is forbidden nothing can be found, and it starts anew.
  const before = isBrowser ? await upload.findPreviousUploads().catch(() => []) : []
  const known = url === null ? newestOf(before) : (before.find(each => each.uploadUrl === url) ?? at(url))
  if (known) upload.resumeFromPreviousUpload(known)
  if (url !== null) upload.options.endpoint = null
  return known !== undefined
}

const newestOf = (uploads: PreviousUpload[]): PreviousUpload | undefined =>
  uploads.toSorted((a, b) => Date.parse(b.creationTime) - Date.parse(a.creationTime))[0]

const at = (uploadUrl: string) => ({ uploadUrl, urlStorageKey: null }) as unknown as PreviousUpload

/** Somebody with the same idempotency key has sent it. */
const isHere = ({ status }: Video): boolean => status !== 'waiting_for_upload' && status !== 'uploading'

function aimAt(upload: TusUpload, http: HttpCaller, { video, upload: direct }: Announced): void {
  const { fingerprint } = upload.options
  const endpoint = http.addressOf(resumablePath)
  upload.options.endpoint = http.addressOf(direct.resumableUrl)
  // After the page was loaded again it is looked for before there is an address of its own.
  if (fingerprint) upload.options.fingerprint = (file, options) => fingerprint(file, { ...options, endpoint })
  // The same idempotency key began it before.
  if (video.status === 'uploading') upload.url = http.addressOf(`${resumablePath}/${direct.id}`)
}

/** The server may still look at it, when the last answer was lost. */
async function videoOf(http: HttpCaller, id: string, signal: AbortSignal | undefined): Promise<Video> {
  for (;;) {
    const { upload } = await http.call('uploads.get', { params: { id } }, { signal })
    if (upload.error) throw new RushesError(upload.error.code, upload.error.message)
    if (upload.status === 'done' && upload.video) return upload.video
    if (upload.status === 'done') throw new RushesError('video.not_found', 'The video was deleted meanwhile.')
    if (upload.status === 'expired') throw new RushesError('upload.expired', 'This upload has expired.')
    await pause(pollMs, signal)
  }
}

/** No answer, one that passes, or someone else who holds the upload for a moment. */
const mayPass = (status: number): boolean => status < 400 || isPassingStatus(status) || status === 409 || status === 423

/** What gives the token has said so. */
const isFinal = (cause: unknown): cause is RushesError => cause instanceof RushesError && cause.code !== 'network'

function failureOf(fault: Error): RushesError {
  const { originalResponse: response, causingError } = fault as Partial<DetailedError>
  if (isFinal(causingError)) return causingError
  if (response) return errorFromBody(response.getBody(), response.getStatus())
  return networkError(fault, 'The connection broke while the film was sent.')
}
