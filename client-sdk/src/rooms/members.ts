import type { Member, Playhead, PresenceNotice } from '../../../shared/index.ts'

/** Those who are here after a notice of who came, changed or left. */
export function withPresence(members: readonly Member[], { joined, left }: Pick<PresenceNotice, 'joined' | 'left'>) {
  const changed = new Map(joined.map(member => [member.id, member]))
  const gone = new Set(left)
  // Whoever was here stays in their place.
  const stayed = members.flatMap(member => {
    const now = changed.get(member.id)
    changed.delete(member.id)
    return gone.has(member.id) ? [] : [now ?? member]
  })
  return [...stayed, ...changed.values()]
}

export function withPlayheads(members: Member[], playheads: readonly Playhead[]): Member[] {
  const moved = new Map(playheads.map(playhead => [playhead.memberId, playhead]))
  return members.map(member => {
    const playhead = moved.get(member.id)
    if (!playhead) return member
    const { atSeconds, playing, rate } = playhead
    return { ...member, playhead: { atSeconds, playing, rate } }
  })
}

/** What a notice would have said that leads from one to the other. */
export function differenceOf(before: readonly Member[], after: readonly Member[]): Omit<PresenceNotice, 'videoId'> {
  const known = new Map(before.map(member => [member.id, member]))
  const here = new Set(after.map(member => member.id))
  return {
    joined: after.filter(member => isChanged(known.get(member.id), member)),
    left: before.filter(member => !here.has(member.id)).map(member => member.id),
    count: after.length,
  }
}

const isChanged = (before: Member | undefined, { name, connections, following }: Member): boolean =>
  before?.name !== name || before.connections !== connections || before.following !== following
