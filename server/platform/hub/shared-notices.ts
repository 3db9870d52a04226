import { z } from 'zod'
import { MemberId, type SocketNotices, StageName, VideoId } from '../../../shared/index.ts'

/** Notices that one server passes on to the others. What a newer version adds to them goes on to the people. */
export const SharedNotice = z.discriminatedUnion('name', [
  z.object({
    videoId: VideoId,
    name: z.literal('typing'),
    payload: z.looseObject({ videoId: VideoId, memberId: MemberId, name: z.string(), typing: z.boolean() }),
  }),
  z.object({
    videoId: VideoId,
    name: z.literal('progress'),
    payload: z.looseObject({
      videoId: VideoId,
      stage: StageName,
      percent: z.number(),
      etaSeconds: z.number().exactOptional(),
    }),
  }),
])
type SharedNoticeName = z.infer<typeof SharedNotice>['name']

/** Tells everyone in a video's room, on all servers. Volatile: whoever is away misses it. */
export type NotifyAll = <N extends SharedNoticeName>(videoId: VideoId, notice: N, payload: SocketNotices[N]) => void
