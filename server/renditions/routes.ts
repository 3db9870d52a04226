import { parse } from 'node:path'
import { type HttpHandlers, serveBlob } from '../platform/http/index.ts'
import type { RenditionOptions } from './options.ts'
import { etagOf, openStored } from './stored.ts'

type Handled = 'videos.stream'

export const renditionRoutes = ({
  blobs,
  videos,
}: Pick<RenditionOptions, 'blobs' | 'videos'>): Pick<HttpHandlers, Handled> => {
  return {
    // The playback copy as soon as there is one; until then, and where none is needed, the original.
    'videos.stream': async ({ params, query, ctx }) => {
      const record = await videos.record(params.id)
      const { original, playback } = record.blobs
      const copy = query.rendition === 'original' ? null : playback
      await serveBlob(ctx, {
        blob: await openStored(blobs, copy ?? original),
        contentType: copy === null ? record.contentType : 'video/mp4',
        etag: etagOf(record, copy === null ? 'original' : 'playback'),
        filename: copy === null ? record.video.filename : `${parse(record.video.filename).name}.mp4`,
        download: query.download === '1',
      })
    },
  }
}
