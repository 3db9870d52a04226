import { idempotencyKeyIn, type Note, receiveFile, shownName, titleFrom, tooLarge } from '../intake/index.ts'
import type { HttpHandlers, HttpInput } from '../platform/http/index.ts'
import type { DirectUploads } from './direct.ts'
import type { DirectToBucket } from './direct-to-bucket.ts'
import { readMultipart } from './multipart.ts'
import type { UploadsOptions } from './uploads.ts'

/** What a multipart form has around its file, at most. */
const formOverheadBytes = 64 * 1024

type Handled = 'videos.upload' | 'videos.createUpload' | `uploads.${'put' | 'get' | 'signParts' | 'complete' | 'abort'}`

type Asking = Pick<HttpInput<'videos.upload'>, 'ctx' | 'caller'>

interface Doors {
  direct: DirectUploads
  toBucket: DirectToBucket
}

export const uploadRoutes = (
  { takeIn, idempotencyKeys, videos, limits }: UploadsOptions,
  { direct, toBucket }: Doors,
): Pick<HttpHandlers, Handled> => {
  const takeForm = ({ ctx, caller }: Asking, note: Note | undefined, lost: AbortSignal | undefined) => {
    const announced = Number(ctx.get('content-length') || 0)
    const captionsAndForm = limits.captionsBytes + formOverheadBytes
    if (announced > limits.uploadBytes + captionsAndForm) throw tooLarge(limits.uploadBytes)
    return readMultipart(ctx.req, {
      maxFileBytes: limits.uploadBytes,
      maxFormBytes: limits.uploadBytes + captionsAndForm,
      maxCaptionsBytes: limits.captionsBytes,
      onFile: (file, { filename: given, beside, signal: form }) => {
        const signal = lost ? AbortSignal.any([form, lost]) : form
        const filename = shownName(given)
        const film = { source: 'upload' as const, filename, title: titleFrom(filename), requestedBy: caller.id }
        const announcedBytes = Math.max(0, announced - captionsAndForm)
        const bringing = { fill: receiveFile.bind(null, file), beside, signal, announcedBytes, way: 'multipart' }
        return takeIn(film, { ...bringing, ...(note && { record: recordWith(note) }) })
      },
    })
  }
  const recordWith =
    (note: Note): NonNullable<Parameters<typeof takeIn>[1]['record']> =>
    async ({ tx, append }, video) => {
      await note(tx, { videoId: video.id, uploadId: null })
      return videos.create(tx, append, video)
    }

  return {
    'videos.upload': async ({ ctx, caller, signal }) => ({
      video: await idempotencyKeys({
        ...{ key: idempotencyKeyIn(ctx, caller), signal },
        make: (note, lost) => takeForm({ ctx, caller }, note, lost),
        again: ({ videoId }) => videos.get(videoId),
      }),
    }),
    'videos.createUpload': ({ ctx, body, caller, signal }) =>
      idempotencyKeys({
        key: idempotencyKeyIn(ctx, caller),
        signal,
        make: note => direct.create(body, caller.id, note),
        again: direct.again,
      }),
    'uploads.put': async ({ params, ctx, signal }) => {
      const length = ctx.get('content-length')
      return { video: await direct.receive(params.id, ctx.req, { totalBytes: length ? Number(length) : null, signal }) }
    },
    'uploads.signParts': async ({ params, body }) => ({ parts: await toBucket.signParts(params.id, body.numbers) }),
    'uploads.complete': async ({ params, body }) => ({ video: await toBucket.complete(params.id, body.parts) }),
    'uploads.abort': ({ params }) => toBucket.abort(params.id),
    'uploads.get': async ({ params }) => ({ upload: await direct.state(params.id) }),
  }
}
