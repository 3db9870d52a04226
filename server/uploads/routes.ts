import { v7 as uuidv7 } from 'uuid'
import { VideoId } from '../../shared/index.ts'
import type { HttpHandlers, HttpInput } from '../platform/http/index.ts'
import type { DirectUploads } from './direct.ts'
import type { DirectToBucket } from './direct-to-bucket.ts'
import { type createIdempotencyKeys, idempotencyKeyIn, type Note } from './idempotency-keys.ts'
import { readMultipart } from './multipart.ts'
import { shownName, titleFrom } from './names.ts'
import { receiveFile, tooLarge } from './receive-file.ts'
import type { Receivers } from './receivers.ts'
import type { Taking, UploadService } from './service.ts'
import type { UploadLimits, UploadsOptions } from './uploads.ts'

/** What a multipart form has around its file, at most. */
const formOverheadBytes = 64 * 1024

type Handled = 'videos.upload' | 'videos.createUpload' | `uploads.${'put' | 'get' | 'signParts' | 'complete' | 'abort'}`

type Asking = Pick<HttpInput<'videos.upload'>, 'ctx' | 'caller'>

interface Doors {
  service: UploadService
  direct: DirectUploads
  toBucket: DirectToBucket
  receivers: Receivers
  videos: Pick<UploadsOptions['videos'], 'create' | 'get'>
  /** A request with an Idempotency-Key makes it, or is answered with what another one made. */
  once: ReturnType<typeof createIdempotencyKeys>
}

export const uploadRoutes = (
  { service, direct, toBucket, receivers, videos, once }: Doors,
  limits: UploadLimits,
): Pick<HttpHandlers, Handled> => {
  const takeForm = ({ ctx, caller }: Asking, note: Note | undefined, lost: AbortSignal | undefined) => {
    const announced = Number(ctx.get('content-length') || 0)
    const beside = limits.captionsBytes + formOverheadBytes
    if (announced > limits.uploadBytes + beside) throw tooLarge(limits.uploadBytes)
    return readMultipart(ctx.req, {
      maxFileBytes: limits.uploadBytes,
      maxFormBytes: limits.uploadBytes + beside,
      maxCaptionsBytes: limits.captionsBytes,
      onFile: (file, { filename, fields, signal: form }) => {
        const signal = lost ? AbortSignal.any([form, lost]) : form
        const name = shownName(filename)
        const incoming = { id: VideoId.parse(uuidv7()), filename: name, title: titleFrom(name) }
        const fill = receiveFile.bind(null, file)
        const announcedBytes = Math.max(0, announced - beside)
        const record = note && recordWith(note)
        const taking = { fill, fields, signal, announcedBytes, ...(record && { record }) }
        return receivers.holdNew(incoming.id, lease =>
          service.take({ ...incoming, requestedBy: caller.id, way: 'multipart' }, { ...taking, lease }),
        )
      },
    })
  }
  const recordWith =
    (note: Note): NonNullable<Taking['record']> =>
    async ({ tx, append }, video) => {
      await note(tx, { videoId: video.id, uploadId: null })
      return videos.create(tx, append, video)
    }

  return {
    'videos.upload': async ({ ctx, caller, signal }) => ({
      video: await once({
        ...{ key: idempotencyKeyIn(ctx, caller), signal },
        make: (note, lost) => takeForm({ ctx, caller }, note, lost),
        again: ({ videoId }) => videos.get(videoId),
      }),
    }),
    'videos.createUpload': ({ ctx, body, caller, signal }) =>
      once({
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
