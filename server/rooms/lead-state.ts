import { z } from 'zod'
import { MemberId, type Playback, Position } from '../../shared/index.ts'

/** Who leads a room and where the film is, with what two servers that heard of it in another order agree by. */
export const LeadState = z.object({
  playback: Position.extend({
    // A film that nobody stops goes on.
    atSeconds: z.number().min(0),
    leader: z.object({ id: MemberId, name: z.string() }).nullable(),
    clockMs: z.number(),
  }),
  /** Counts up with every change of who leads. Not below the time of it, so that a room forgotten meanwhile is older. */
  term: z.number().int(),
  /** The server on which that change was. */
  by: z.string(),
  /** Counts up within a term. */
  count: z.number().int(),
  /** The server that told this. */
  from: z.string(),
})
export type LeadState = z.infer<typeof LeadState>

export const atRest = (nowMs: number): LeadState => ({
  playback: { leader: null, atSeconds: 0, playing: false, rate: 1, clockMs: nowMs },
  ...{ term: 0, by: '', count: 0, from: '' },
})

/** The newer of two wins everywhere. */
export function isNewer(a: LeadState, b: LeadState): boolean {
  if (a.term !== b.term) return a.term > b.term
  if (a.by !== b.by) return a.by > b.by
  if (a.count !== b.count) return a.count > b.count
  return a.from > b.from
}

type Leader = { id: MemberId; name: string } | null

/** Another one leads, or nobody: the film goes on from where it is, or stays there. */
export function withLeader(
  lead: LeadState,
  leader: Leader,
  { serverId, nowMs }: { serverId: string; nowMs: number },
): LeadState {
  const { playing, rate } = lead.playback
  return {
    playback: {
      leader,
      atSeconds: secondsAt(lead.playback, nowMs),
      playing: playing && leader !== null,
      rate,
      clockMs: nowMs,
    },
    term: Math.max(lead.term + 1, nowMs),
    by: serverId,
    count: 0,
    from: serverId,
  }
}

/** Whoever leads says where they are. */
export const withPlace = (lead: LeadState, place: Position & { clockMs: number }, serverId: string): LeadState => ({
  ...lead,
  playback: { leader: lead.playback.leader, ...place },
  count: lead.count + 1,
  from: serverId,
})

/** Where the film is by now. */
const secondsAt = ({ atSeconds, playing, rate, clockMs }: Playback, nowMs: number): number =>
  playing ? Math.max(0, atSeconds + ((nowMs - clockMs) / 1000) * rate) : atSeconds
