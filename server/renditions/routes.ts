import { parse } from 'node:path'
import type { VideoId } from '../../shared/index.ts'
import { AppError } from '../platform/errors.ts'
import { type HttpHandlers, serveBlob } from '../platform/http/index.ts'
import type { VideoRecord } from '../videos/index.ts'
import type { RenditionOptions } from './options.ts'

type Handled = 'videos.stream' | 'videos.thumbnail'

/** A rendition never changes once it is there, so the film's checksum and its name tell its bytes. */
const etagOf = ({ video }: VideoRecord, rendition: string): string =>
  `"${video.checksum.replace('sha256:', '')}-${rendition}"`

async function openBlob(blobs: RenditionOptions['blobs'], key: string) {
  const blob = await blobs.open(key)
  if (!blob) throw new AppError('storage.not_found', 'The bytes of this film are not in the store.')
  return blob
}

/** Opens the playback copy as soon as there is one; until then, and where none is needed or wanted, the original. */
export const createFilmOpener =
  ({ blobs, videos }: Pick<RenditionOptions, 'blobs' | 'videos'>) =>
  async (id: VideoId, wanted: { rendition?: string | undefined; download?: string | undefined } = {}) => {
    const record = await videos.record(id)
    const { original, playback } = record.blobs
    const copy = wanted.rendition === 'original' ? null : playback
    return {
      blob: await openBlob(blobs, copy ?? original),
      contentType: copy === null ? record.contentType : 'video/mp4',
      etag: etagOf(record, copy === null ? 'original' : 'playback'),
      filename: copy === null ? record.video.filename : `${parse(record.video.filename).name}.mp4`,
      download: wanted.download === '1',
    }
  }
export type OpenFilm = ReturnType<typeof createFilmOpener>

export const renditionRoutes = ({
  blobs,
  videos,
  openFilm,
}: Pick<RenditionOptions, 'blobs' | 'videos'> & { openFilm: OpenFilm }): Pick<HttpHandlers, Handled> => ({
  'videos.stream': async ({ params, query, ctx }) => serveBlob(ctx, await openFilm(params.id, query)),
  'videos.thumbnail': async ({ params, ctx }) => {
    const record = await videos.record(params.id)
    if (record.blobs.thumbnail === null)
      throw new AppError('thumbnail.not_ready', 'There is no picture of this film yet.')
    const blob = await openBlob(blobs, record.blobs.thumbnail)
    await serveBlob(ctx, { blob, contentType: 'image/jpeg', etag: etagOf(record, 'thumbnail') })
  },
})
