import { browserPlays, type Playing, pictureIsKnown } from '../probe/index.ts'
import type { VideoRecord } from '../videos/index.ts'

type Treatment = 'copy' | 'encode' | 'none'

/** What has to be done so that every browser plays a film from its first bytes. */
export interface PlaybackPlan {
  /**
   * `as-is`: nothing. `remux`: other wrapping, same picture and sound. `new-sound`: the picture is copied.
   * `transcode`: the picture is made anew.
   */
  kind: 'as-is' | 'remux' | 'new-sound' | 'transcode'
  picture: Treatment
  sound: Treatment
  /** Why, for the person who waits. */
  reason: string
}

/** What an MP4 may hold for every browser; pictures also depend on their pixel format. */
const mp4Pictures = ['h264', 'av1', 'vp9']
const mp4Sounds = ['aac', 'mp3', 'opus']

type Facts = Playing & { fastStart: boolean; faultless?: boolean | undefined }

/** Of others the players find out the length by themselves. */
const believed = ['mp4', 'mov', 'webm']

export function planOf(facts: Facts): PlaybackPlan {
  const { videoCodec, audioCodec, pixelFormat, container, fastStart, faultless = true } = facts
  const plays = browserPlays(facts)
  const asItSays = faultless || !believed.includes(container)
  if (plays && fastStart && asItSays)
    return { kind: 'as-is', picture: 'none', sound: 'none', reason: 'browsers play the original' }

  const sound = treatment(audioCodec, codec => mp4Sounds.includes(codec))
  const picture = treatment(videoCodec, codec => mp4Pictures.includes(codec) && pictureIsKnown(codec, pixelFormat))
  if (picture === 'encode')
    return {
      kind: 'transcode',
      picture,
      sound,
      reason: `browsers can't be counted on to show ${videoCodec} (${pixelFormat})`,
    }
  if (sound === 'encode')
    return { kind: 'new-sound', picture, sound, reason: `browsers don't play ${audioCodec} sound` }
  return {
    kind: 'remux',
    picture,
    sound,
    reason: whyWrapped({ plays, fastStart, container }),
  }
}

function whyWrapped({ plays, fastStart, container }: { plays: boolean; fastStart: boolean; container: string }) {
  if (!plays) return `browsers don't open ${container}`
  return fastStart ? 'its header tells what is not so' : 'its index comes after its frames'
}

const treatment = (codec: string | null, copies: (codec: string) => boolean): Treatment =>
  codec === null ? 'none' : copies(codec) ? 'copy' : 'encode'

/** Decides from the record alone. */
export const playbackPlan = ({ video, container, pixelFormat, fastStart, faultless }: VideoRecord): PlaybackPlan =>
  planOf({ container, pixelFormat, fastStart, faultless, videoCodec: video.videoCodec, audioCodec: video.audioCodec })
