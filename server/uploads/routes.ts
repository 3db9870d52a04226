import { v7 as uuidv7 } from 'uuid'
import { VideoId } from '../../shared/index.ts'
import type { HttpHandlers, HttpInput } from '../platform/http/index.ts'
import type { DirectUploads } from './direct.ts'
import { readMultipart } from './multipart.ts'
import { shownName, titleFrom } from './names.ts'
import { type createOnce, type Note, onceKeyIn } from './once.ts'
import type { PastServer } from './past-server.ts'
import { receiveFile, tooLarge } from './receive-file.ts'
import type { Taking, UploadService } from './service.ts'
import type { UploadLimits, UploadsOptions } from './uploads.ts'

/** What a multipart form has around its file, at most. */
const formOverheadBytes = 64 * 1024

type Handled = 'videos.upload' | 'videos.createUpload' | `uploads.${'put' | 'get' | 'signParts' | 'complete' | 'abort'}`

type Asking = Pick<HttpInput<'videos.upload'>, 'ctx' | 'caller'>

interface Doors {
  service: UploadService
  direct: DirectUploads
  pastServer: PastServer
  videos: Pick<UploadsOptions['videos'], 'create' | 'get'>
  once: ReturnType<typeof createOnce>
}

export const uploadRoutes = (
  { service, direct, pastServer, videos, once }: Doors,
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
        return service.take(
          { ...incoming, requestedBy: caller.id, way: 'multipart' },
          { fill, fields, signal, announcedBytes, ...(record && { record }) },
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
        ...{ key: onceKeyIn(ctx, caller), signal },
        make: (note, lost) => takeForm({ ctx, caller }, note, lost),
        again: ({ videoId }) => videos.get(videoId),
      }),
    }),
    'videos.createUpload': ({ ctx, body, caller, signal }) =>
      once({
        key: onceKeyIn(ctx, caller),
        signal,
        make: note => direct.create(body, caller.id, note),
        again: direct.again,
      }),
    'uploads.put': async ({ params, ctx, signal }) => {
      const length = ctx.get('content-length')
      return { video: await direct.receive(params.id, ctx.req, { totalBytes: length ? Number(length) : null, signal }) }
    },
    'uploads.signParts': async ({ params, body }) => ({ parts: await pastServer.signParts(params.id, body.numbers) }),
    'uploads.complete': async ({ params, body }) => ({ video: await pastServer.complete(params.id, body.parts) }),
    'uploads.abort': ({ params }) => pastServer.abort(params.id),
    'uploads.get': async ({ params }) => ({ upload: await direct.state(params.id) }),
  }
}
