import { readFile } from 'node:fs/promises'
import { z } from 'zod'
import type { VideoId } from '../../../shared/index.ts'
import type { BlobStore } from '../../platform/blobs/index.ts'

/** One rung, or the sound: a fragmented MP4 whose segments follow its header without gaps. */
const Track = z.object({
  /** `source`, `720p`, `audio`. */
  name: z.string(),
  kind: z.enum(['video', 'audio']),
  codecs: z.string(),
  width: z.number().nullable(),
  height: z.number().nullable(),
  frameRate: z.number().nullable(),
  initBytes: z.number(),
  startSeconds: z.number(),
  segments: z.array(z.object({ bytes: z.number(), seconds: z.number() })),
})
export type Track = z.infer<typeof Track>

/** What is finished of a film's ladder. */
const Ladder = z.object({ tracks: z.array(Track) })
export type Ladder = z.infer<typeof Ladder>

/** All of a ladder is one rendition: a folder. */
export const hlsFolder = (videoId: VideoId): string => `videos/${videoId}/hls/`
export const ladderIn = (folder: string): string => `${folder}ladder.json`
export const trackKey = (videoId: VideoId, name: string): string => `${hlsFolder(videoId)}${name}.mp4`

export const readLadder = (blobs: BlobStore, folder: string): Promise<Ladder> =>
  blobs.withFile(ladderIn(folder), async path => Ladder.parse(JSON.parse(await readFile(path, 'utf8'))))

export const secondsOf = ({ segments }: Track): number => segments.reduce((sum, { seconds }) => sum + seconds, 0)
export const bytesOf = ({ segments }: Track): number => segments.reduce((sum, { bytes }) => sum + bytes, 0)

/** Bits in a second, over the whole track. */
export const averageBitRate = (track: Track): number =>
  Math.ceil((8 * bytesOf(track)) / Math.max(0.001, secondsOf(track)))

/**
 * "The peak segment bit rate of a Media Playlist is the largest bit rate of any continuous set of segments whose total
 * duration is between 0.5 and 1.5 times the target duration" (RFC 8216, section 4.1).
 */
export function peakBitRate(track: Track, targetSeconds: number): number {
  let peak = averageBitRate(track)
  track.segments.forEach((_, start) => {
    let [bytes, seconds] = [0, 0]
    for (const segment of track.segments.slice(start, start + 64)) {
      bytes += segment.bytes
      seconds += segment.seconds
      if (seconds > 1.5 * targetSeconds) break
      if (seconds >= 0.5 * targetSeconds) peak = Math.max(peak, Math.ceil((8 * bytes) / seconds))
    }
  })
  return peak
}

/** "Each Media Playlist in each Variant Stream MUST have the same target duration" (RFC 8216, section 6.2.4). */
export const targetSecondsOf = ({ tracks }: Ladder): number =>
  Math.max(1, ...tracks.flatMap(({ segments }) => segments.map(({ seconds }) => Math.round(seconds))))
