import { z } from 'zod'
import { type SharedNoticeName, type SocketNotices, type StreamId, StreamName } from '../../../shared/index.ts'

/** Tells everyone who is in a stream, on all servers. Volatile: whoever is away misses it. */
export type NotifyAll = <N extends SharedNoticeName>(stream: StreamId, notice: N, payload: SocketNotices[N]) => void

/** What each of them carries, as another server says it; of a newer version it may carry more. */
export type SharedNoticePayloads = { [N in SharedNoticeName]: z.ZodType<SocketNotices[N]> }

/** Notices that one server passes on to the others. */
export const sharedNotice = (payloads: SharedNoticePayloads) =>
  z.object({ stream: StreamName, name: z.string(), payload: z.unknown() }).transform((notice, context) => {
    const name = notice.name as SharedNoticeName
    const parsed = Object.hasOwn(payloads, name) ? payloads[name].safeParse(notice.payload) : null
    if (parsed?.success) return { stream: notice.stream, name, payload: parsed.data }
    context.addIssue({ code: 'custom', message: 'no notice that servers share', path: ['payload'] })
    return z.NEVER
  })
