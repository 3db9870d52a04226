import { readFile } from 'node:fs/promises'
import { Waveform } from '../../shared/index.ts'
import { AppError, fail } from '../platform/errors.ts'
import { type HttpHandlers, serveBlob } from '../platform/http/index.ts'
import type { RenditionOptions } from './options.ts'
import { createPictureCache } from './picture-cache.ts'
import { etagOf, openStored, typeOf } from './stored.ts'
import { withToken } from './storyboard-vtt.ts'

type Handled = 'videos.thumbnail' | 'videos.storyboard' | 'videos.waveform'

/** Pictures of a film, and its waveform. */
export function pictureRoutes(
  options: Pick<RenditionOptions, 'ffmpeg' | 'blobs' | 'videos'>,
): Pick<HttpHandlers, Handled> {
  const { blobs, videos } = options
  const cache = createPictureCache(options)
  const textOf = (key: string) => blobs.withFile(key, path => readFile(path, 'utf8'))

  return {
    'videos.thumbnail': async ({ params, query, ctx }) => {
      const record = await videos.record(params.id)
      if (query.t !== undefined) {
        const { key, name } = await cache.picture(record, { atSeconds: query.t, width: query.width })
        const blob = await openStored(blobs, key)
        return serveBlob(ctx, { blob, contentType: 'image/jpeg', etag: etagOf(record, `at-${name}`) })
      }
      const { thumbnail } = record.renditions
      if (!thumbnail) throw new AppError('thumbnail.not_ready', 'There is no picture of this film yet.')
      const blob = await openStored(blobs, thumbnail.key)
      await serveBlob(ctx, { blob, contentType: typeOf(thumbnail), etag: etagOf(record, 'thumbnail', thumbnail) })
    },
    'videos.storyboard': async ({ params, ctx }) => {
      const record = await videos.record(params.id)
      const { storyboard, 'storyboard-sheet': sheet } = record.renditions
      if (!storyboard || !sheet) throw fail('storyboard.not_ready')
      if (params.format === 'jpg') {
        const blob = await openStored(blobs, sheet.key)
        return serveBlob(ctx, { blob, contentType: typeOf(sheet), etag: etagOf(record, 'storyboard', sheet) })
      }
      const vtt = await textOf(storyboard.key)
      const { token } = ctx.query
      ctx.set({ 'content-type': 'text/vtt; charset=utf-8', 'cache-control': 'private, no-cache' })
      ctx.body = typeof token === 'string' ? withToken(vtt, token) : vtt
    },
    'videos.waveform': async ({ params, ctx }) => {
      const { waveform } = (await videos.record(params.id)).renditions
      if (!waveform) throw fail('waveform.not_ready')
      ctx.set('cache-control', 'private, max-age=3600')
      return Waveform.parse(JSON.parse(await textOf(waveform.key)))
    },
  }
}
