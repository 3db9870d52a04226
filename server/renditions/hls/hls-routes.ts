import type { VideoId } from '../../../shared/index.ts'
import { AppError } from '../../platform/errors.ts'
import { type HttpHandlers, serveBlob } from '../../platform/http/index.ts'
import type { VideoRecord } from '../../videos/index.ts'
import type { HlsOptions } from '../options.ts'
import { etagOf, openStored } from '../stored.ts'
import { type Ladder, readLadder, trackKey } from './ladder.ts'
import { asSegment, type Carry, carrying, writeMaster, writeMedia, writeSubtitles } from './playlists.ts'

const playlistType = 'application/vnd.apple.mpegurl'
const notReady = (what: string) => new AppError('hls.not_ready', `There is no ${what}, or not yet.`)

/** Playlists are written when they are asked for: rungs and words may have been added. The media beside them never change. */
export function hlsRoutes({ blobs, videos, captions }: HlsOptions): Pick<HttpHandlers, 'videos.hls'> {
  const ladderOf = async ({ renditions: { hls } }: VideoRecord): Promise<Ladder> => {
    if (!hls) throw notReady('ladder of this film')
    return readLadder(blobs, hls.key)
  }

  async function subtitlesOf(id: VideoId): Promise<string> {
    const found = await captions(id)
    if (!found) throw notReady('transcript of this film')
    return asSegment(found.vtt)
  }

  async function playlistOf(name: string, record: VideoRecord, carry: Carry): Promise<string> {
    const ladder = await ladderOf(record)
    if (name === 'master') return writeMaster(ladder, record.video.transcriptLanguage, carry)
    if (name === 'subtitles') return writeSubtitles(ladder, carry)
    const track = ladder.tracks.find(each => each.name === name)
    if (!track) throw notReady('such rung of this film')
    return writeMedia(ladder, track, carry)
  }

  return {
    'videos.hls': async ({ params, ctx }) => {
      const record = await videos.record(params.id)
      const [name = '', format] = params.file.split('.')
      if (format === 'mp4') {
        const listed = (await ladderOf(record)).tracks.some(track => track.name === name)
        if (!listed) throw notReady('such rung of this film')
        const blob = await openStored(blobs, trackKey(params.id, name))
        const contentType = name === 'audio' ? 'audio/mp4' : 'video/mp4'
        return serveBlob(ctx, { blob, contentType, etag: etagOf(record, `hls-${name}`), unchanging: true })
      }
      ctx.set('cache-control', 'private, no-cache')
      ctx.set('content-type', format === 'vtt' ? 'text/vtt; charset=utf-8' : playlistType)
      ctx.body =
        format === 'vtt' ? await subtitlesOf(params.id) : await playlistOf(name, record, carrying(ctx.query.token))
    },
  }
}
