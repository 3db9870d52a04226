import { v7 as uuidv7 } from 'uuid'
import { VideoId } from '../../shared/index.ts'
import { AppError } from '../platform/errors.ts'
import type { HttpHandlers } from '../platform/http/index.ts'
import { readMultipart } from './multipart.ts'
import { tooLarge } from './receive-file.ts'
import type { UploadService } from './service.ts'
import type { UploadLimits } from './uploads.ts'

/** What a multipart form has around its file, at most. */
const formOverheadBytes = 64 * 1024

export const uploadRoutes = (uploads: UploadService, limits: UploadLimits): Pick<HttpHandlers, 'videos.upload'> => ({
  'videos.upload': async ({ ctx }) => {
    const announced = Number(ctx.get('content-length') || 0)
    if (announced > limits.uploadBytes + limits.captionsBytes + formOverheadBytes) throw tooLarge(limits.uploadBytes)
    if (ctx.is('json'))
      throw new AppError('request.malformed_json', 'A multipart/form-data body with a `file` is wanted, not JSON.')
    const video = await readMultipart(ctx.req, {
      maxFileBytes: limits.uploadBytes,
      maxCaptionsBytes: limits.captionsBytes,
      onFile: (file, { filename, fields, signal }) => {
        const name = shownName(filename)
        const incoming = { id: VideoId.parse(uuidv7()), filename: name, title: titleFrom(name) }
        return uploads.take(incoming, file, { fields, signal })
      },
    })
    return { video }
  },
})

/** A file's name is shown and never used as a path: its last part, without control characters. */
const shownName = (filename: string): string =>
  (filename.split(/[\\/]/).at(-1) ?? '')
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is taken out
    .replace(/[\u0000-\u001f\u007f\u202a-\u202e\u2066-\u2069]/g, '')
    .slice(0, 200) || 'video'

const titleFrom = (filename: string): string =>
  filename
    .replace(/\.[^.]{1,5}$/, '')
    .replaceAll(/[_]+/g, ' ')
    .trim() || filename
