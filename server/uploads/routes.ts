import { v7 as uuidv7 } from 'uuid'
import { VideoId } from '../../shared/index.ts'
import type { HttpHandlers } from '../platform/http/index.ts'
import type { DirectUploads } from './direct.ts'
import { readMultipart } from './multipart.ts'
import { shownName, titleFrom } from './names.ts'
import type { PastServer } from './past-server.ts'
import { receiveFile, tooLarge } from './receive-file.ts'
import type { UploadService } from './service.ts'
import type { UploadLimits } from './uploads.ts'

/** What a multipart form has around its file, at most. */
const formOverheadBytes = 64 * 1024

type Handled = 'videos.upload' | 'videos.createUpload' | `uploads.${'put' | 'get' | 'signParts' | 'complete' | 'abort'}`

export const uploadRoutes = (
  { service, direct, pastServer }: { service: UploadService; direct: DirectUploads; pastServer: PastServer },
  limits: UploadLimits,
): Pick<HttpHandlers, Handled> => ({
  'videos.upload': async ({ ctx }) => {
    const announced = Number(ctx.get('content-length') || 0)
    if (announced > limits.uploadBytes + limits.captionsBytes + formOverheadBytes) throw tooLarge(limits.uploadBytes)
    const video = await readMultipart(ctx.req, {
      maxFileBytes: limits.uploadBytes,
      maxCaptionsBytes: limits.captionsBytes,
      onFile: (file, { filename, fields, signal }) => {
        const name = shownName(filename)
        const incoming = { id: VideoId.parse(uuidv7()), filename: name, title: titleFrom(name) }
        const fill = receiveFile.bind(null, file)
        return service.take({ ...incoming, way: 'multipart' }, { fill, fields, signal })
      },
    })
    return { video }
  },
  'videos.createUpload': ({ body }) => direct.create(body),
  'uploads.put': async ({ params, ctx, signal }) => {
    const length = ctx.get('content-length')
    return { video: await direct.receive(params.id, ctx.req, { totalBytes: length ? Number(length) : null, signal }) }
  },
  'uploads.signParts': async ({ params, body }) => ({ parts: await pastServer.signParts(params.id, body.numbers) }),
  'uploads.complete': async ({ params, body }) => ({ video: await pastServer.complete(params.id, body.parts) }),
  'uploads.abort': ({ params }) => pastServer.abort(params.id),
  'uploads.get': async ({ params }) => ({ upload: await direct.state(params.id) }),
})
