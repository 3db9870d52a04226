import { parse } from 'node:path'
import { AppError } from '../platform/errors.ts'
import { type HttpHandlers, serveBlob } from '../platform/http/index.ts'
import type { VideoRecord } from '../videos/index.ts'
import type { RenditionOptions } from './options.ts'

type Handled = 'videos.stream' | 'videos.thumbnail'

/** A rendition never changes once it is there, so the film's checksum and its name tell its bytes. */
const etagOf = ({ video }: VideoRecord, rendition: string): string =>
  `"${video.checksum.replace('sha256:', '')}-${rendition}"`

export const renditionRoutes = ({
  blobs,
  videos,
}: Pick<RenditionOptions, 'blobs' | 'videos'>): Pick<HttpHandlers, Handled> => {
  async function open(key: string) {
    const blob = await blobs.open(key)
    if (!blob) throw new AppError('storage.not_found', 'The bytes of this film are not in the store.')
    return blob
  }
  return {
    // The playback copy as soon as there is one; until then, and where none is needed, the original.
    'videos.stream': async ({ params, query, ctx }) => {
      const record = await videos.record(params.id)
      const { original, playback } = record.blobs
      const copy = query.rendition === 'original' ? null : playback
      await serveBlob(ctx, {
        blob: await open(copy ?? original),
        contentType: copy === null ? record.contentType : 'video/mp4',
        etag: etagOf(record, copy === null ? 'original' : 'playback'),
        filename: copy === null ? record.video.filename : `${parse(record.video.filename).name}.mp4`,
        download: query.download === '1',
      })
    },
    'videos.thumbnail': async ({ params, ctx }) => {
      const record = await videos.record(params.id)
      if (record.blobs.thumbnail === null)
        throw new AppError('thumbnail.not_ready', 'There is no picture of this film yet.')
      const blob = await open(record.blobs.thumbnail)
      await serveBlob(ctx, { blob, contentType: 'image/jpeg', etag: etagOf(record, 'thumbnail') })
    },
  }
}
