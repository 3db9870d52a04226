import { parse } from 'node:path'
import type { VideoId } from '../../shared/index.ts'
import { type HttpHandlers, serveBlob } from '../platform/http/index.ts'
import type { RenditionOptions } from './options.ts'
import { etagOf, openStored, typeOf } from './stored.ts'

/** Opens the playback copy as soon as there is one; until then, and where none is needed or wanted, the original. */
export const createFilmOpener =
  ({ blobs, videos }: Pick<RenditionOptions, 'blobs' | 'videos'>) =>
  async (id: VideoId, wanted: { rendition?: string | undefined; download?: string | undefined } = {}) => {
    const record = await videos.record(id)
    const copy = wanted.rendition === 'original' ? undefined : record.renditions.playback
    return {
      blob: await openStored(blobs, copy?.key ?? record.blobs.original),
      contentType: copy ? typeOf(copy) : record.contentType,
      etag: etagOf(record, copy ? 'playback' : 'original'),
      filename: copy ? `${parse(record.video.filename).name}.mp4` : record.video.filename,
      download: wanted.download === '1',
    }
  }
export type OpenFilm = ReturnType<typeof createFilmOpener>

export const renditionRoutes = (openFilm: OpenFilm): Pick<HttpHandlers, 'videos.stream'> => ({
  'videos.stream': async ({ params, query, ctx }) => serveBlob(ctx, await openFilm(params.id, query)),
})
