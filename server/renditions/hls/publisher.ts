import { videoStream } from '../../../shared/index.ts'
import type { Tx } from '../../platform/db/index.ts'
import { keepRendition } from '../../platform/renditions/index.ts'
import type { VideoRecord } from '../../videos/index.ts'
import { type Stored, writeBlob } from '../derive.ts'
import type { HlsOptions } from '../options.ts'
import { bytesOf, hlsFolder, type Ladder, ladderIn, readLadder, type Track } from './ladder.ts'

export interface Publisher {
  find(name: string): Track | undefined
  isEmpty(): boolean
  /** Lists a track whose file is committed, and tells the room. */
  publish(track: Track): Promise<void>
}

/** Goes on from what an earlier attempt listed. */
export async function createPublisher(options: HlsOptions, { video, renditions }: VideoRecord): Promise<Publisher> {
  const { hls } = renditions
  const ladder: Ladder = hls ? await readLadder(options.blobs, hls.key) : { tracks: [] }
  /** All of the ladder, of which this is the list. */
  const keep = async (tx: Tx, list: Stored) => {
    const sizeBytes = ladder.tracks.reduce((sum, track) => sum + sizeOf(track), list.sizeBytes)
    await options.videos.touch(tx, video.id)
    const folder = { key: hlsFolder(video.id), sizeBytes, contentType: null }
    await keepRendition(tx, { stream: videoStream(video.id), name: 'hls', ...folder })
  }
  return {
    find: name => ladder.tracks.find(track => track.name === name),
    isEmpty: () => ladder.tracks.length === 0,
    async publish(track) {
      ladder.tracks.push(track)
      const list = await writeBlob(options, ladderIn(hlsFolder(video.id)), JSON.stringify(ladder))
      const playable = video.width === null || ladder.tracks.some(({ kind }) => kind === 'video')
      await options.journal.transact(async (tx, append) => {
        // Sound alone is no film: it is offered once there is a picture to it.
        if (playable) await keep(tx, list)
        append(videoStream(video.id), 'rendition.ready', {
          ...{ name: `hls-${track.name}`, sizeBytes: sizeOf(track) },
          ...(playable && { hls: `/api/videos/${video.id}/hls/master.m3u8` }),
        })
      })
    },
  }
}

const sizeOf = (track: Track): number => track.initBytes + bytesOf(track)
