import { videoStream } from '../../../shared/index.ts'
import type { VideoRecord } from '../../videos/index.ts'
import { writeBlob } from '../derive.ts'
import type { HlsOptions } from '../options.ts'
import { bytesOf, type Ladder, ladderKey, readLadder, type Track } from './ladder.ts'

export interface Publisher {
  find(name: string): Track | undefined
  isEmpty(): boolean
  /** Lists a track whose file is committed, and tells the room. */
  publish(track: Track): Promise<void>
}

/** Goes on from what an earlier attempt listed. */
export async function createPublisher(options: HlsOptions, { video, blobs }: VideoRecord): Promise<Publisher> {
  const key = ladderKey(video.id)
  const ladder: Ladder = blobs.hls === null ? { tracks: [] } : await readLadder(options.blobs, blobs.hls)
  return {
    find: name => ladder.tracks.find(track => track.name === name),
    isEmpty: () => ladder.tracks.length === 0,
    async publish(track) {
      ladder.tracks.push(track)
      await writeBlob(options, key, JSON.stringify(ladder))
      const playable = video.width === null || ladder.tracks.some(({ kind }) => kind === 'video')
      const sizeBytes = track.initBytes + bytesOf(track)
      await options.journal.transact(async (tx, append) => {
        // Sound alone is no film: it is offered once there is a picture to it.
        if (playable) await options.videos.setBlob(tx, video.id, 'hls', key)
        append(videoStream(video.id), 'rendition.ready', {
          ...{ name: `hls-${track.name}`, sizeBytes },
          ...(playable && { hls: `/api/videos/${video.id}/hls/master.m3u8` }),
        })
      })
    },
  }
}
