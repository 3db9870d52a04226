import { parse } from 'node:path'
import type { VideoId } from '../../shared/index.ts'
import { fail } from '../platform/errors.ts'
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
      etag: etagOf(record, copy ? 'playback' : 'original', copy),
      filename: copy ? `${parse(record.video.filename).name}.mp4` : record.video.filename,
      download: wanted.download === '1',
    }
  }
export type OpenFilm = ReturnType<typeof createFilmOpener>

export const renditionRoutes = (
  { blobs, videos }: Pick<RenditionOptions, 'blobs' | 'videos'>,
  openFilm: OpenFilm,
): Pick<HttpHandlers, 'videos.stream' | 'videos.rendition'> => ({
  'videos.stream': async ({ params, query, ctx }) => serveBlob(ctx, await openFilm(params.id, query)),
  'videos.rendition': async ({ params: { id, name }, ctx }) => {
    const record = await videos.record(id)
    const found = Object.hasOwn(record.renditions, name) ? record.renditions[name] : undefined
    // What is a folder has an address of its own.
    if (!found || found.key.endsWith('/')) throw fail('rendition.not_ready')
    const blob = await openStored(blobs, found.key)
    await serveBlob(ctx, { blob, contentType: typeOf(found), etag: etagOf(record, name, found) })
  },
})
