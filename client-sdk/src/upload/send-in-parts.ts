import type { UploadOptions as TusOptions, Upload as TusUpload } from 'tus-js-client'
import { resumablePath, type Video } from '../../../shared/index.ts'
import { errorFromBody, type HttpCaller } from '../http/call.ts'
import { pause } from '../pause.ts'
import { networkError, RushesError } from '../rushes-error.ts'
import type { Announce } from './announce.ts'
import { createParts } from './parts.ts'
import type { UploadSource } from './upload-source.ts'

export interface PartsOptions {
  title: string | undefined
  signal: AbortSignal | undefined
  onSent: (sentBytes: number) => void
  /** Makes the video that the film is for, before its first byte leaves. */
  announce: Announce | undefined
}

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
  let announced: Awaited<ReturnType<Announce>> | undefined
  const url = await new Promise<string | undefined>((resolve, reject) => {
    const upload = new Upload(source.blob ?? new Blob(), tusOptions(http, { source, options }))
    const stop = () => {
      // Nobody waits for it: what could not be removed expires.
      upload
        .abort(true)
        .then(() => announced && http.call('videos.delete', { params: { id: announced.video.id } }))
        .catch(() => {})
      reject(options.signal?.reason)
    }
    Object.assign(upload.options, {
      // From here on a lost upload is a failure, never a silent new start.
      onUploadUrlAvailable: () => {
        upload.options.endpoint = null
      },
      onAfterResponse: (_request, response) => {
        if (upload.url !== null || response.getHeader('Tus-Resumable') || response.getStatus() >= 500) return
        // Somebody else answered: a server without it, or whoever refuses the key. One request will tell.
        resolve(undefined)
        upload.abort().catch(() => {}) // nothing is under way
      },
      // What never began fails at once, as any other call does.
      onShouldRetry: fault => upload.url !== null && mayPass(fault.originalResponse?.getStatus() ?? 0),
      onSuccess: () => resolve(upload.url ?? undefined),
      onError: (fault: Error) => {
        reject(failureOf(fault))
      },
    } satisfies TusOptions)
    options.signal?.addEventListener('abort', stop, { once: true })
    const begin = async () => {
      if (await findBefore(upload, http.isBrowser)) return upload.start()
      announced = await options.announce?.()
      options.signal?.throwIfAborted()
      if (announced && isHere(announced.video)) return resolve(announced.upload.url)
      if (announced) aimAt(upload, http, announced)
      upload.start()
    }
    begin().catch(reject)
  })
  return url === undefined ? undefined : videoOf(http, url.split('/').at(-1) ?? '', options.signal)
}

function tusOptions(
  http: HttpCaller,
  { source, options }: { source: UploadSource; options: PartsOptions },
): ConstructorParameters<typeof TusUpload>[1] {
  const { title, onSent } = options
  return {
    endpoint: http.addressOf(resumablePath),
    headers: http.headers,
    metadata: {
      filename: source.filename,
      ...(source.blob?.type ? { filetype: source.blob.type } : {}),
      ...(title === undefined ? {} : { title }),
    },
    retryDelays: retryDelaysMs,
    onProgress: onSent,
    storeFingerprintForResuming: http.isBrowser,
    removeFingerprintOnSuccess: true,
    fileReader: { openFile: async () => createParts(source, http.isBrowser) },
  }
}

/** True when it goes on where an earlier one was left. */
async function findBefore(upload: TusUpload, isBrowser: boolean): Promise<boolean> {
  // Where storage is forbidden nothing can be found, and it starts anew.
  const before = isBrowser ? await upload.findPreviousUploads().catch(() => []) : []
  const newest = before.toSorted((a, b) => b.creationTime.localeCompare(a.creationTime))[0]
  if (newest) upload.resumeFromPreviousUpload(newest)
  return newest !== undefined
}

/** Somebody with the same idempotency key has sent it. */
const isHere = ({ status }: Video): boolean => status !== 'waiting_for_upload' && status !== 'uploading'

function aimAt(upload: TusUpload, http: HttpCaller, { video, upload: direct }: Awaited<ReturnType<Announce>>): void {
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

/** No answer, a fault of the server, or someone else who holds the upload for a moment. */
const mayPass = (status: number): boolean => status < 400 || status >= 500 || status === 409 || status === 423

function failureOf(fault: Error): RushesError {
  const { originalResponse: response } = fault as { originalResponse?: { getStatus(): number; getBody(): string } }
  if (response) return errorFromBody(response.getBody(), response.getStatus())
  return networkError(fault, 'The connection broke while the film was sent.')
}
