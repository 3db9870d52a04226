import { z } from 'zod'
import { MemberId, StageName, VideoId } from '../shared/index.ts'
import type { SharedNoticePayloads } from './platform/hub/index.ts'

/** What servers pass on to each other. What a newer version adds goes on to the people. */
export const sharedNotices: SharedNoticePayloads = {
  typing: z.looseObject({ videoId: VideoId, memberId: MemberId, name: z.string(), typing: z.boolean() }),
  progress: z.looseObject({
    videoId: VideoId,
    stage: StageName,
    percent: z.number(),
    etaSeconds: z.number().exactOptional(),
  }),
}
