import type { Member, Position, Room, SocketNotices } from '../index.ts'
import type { Other, RoomState } from './room-state.ts'
import { isSame, keeping, type Store } from './store.ts'

/** The other people: where they are, and who types. */
export interface Company {
  view(room: Room): Pick<RoomState, 'members' | 'others'>
  /** What was known may be old. */
  forget(): void
  /** Someone is somewhere else now. */
  moved(): void
  onTyping(notice: SocketNotices['typing']): void
  /** Who has said it does not type it any more. */
  onSaid(memberId: string | null): void
}

/** Nobody types for longer than this without saying so again: the word that they stopped may be lost. */
const typingMs = 8000

export function createCompany(store: Store<RoomState>): Company {
  const seen = new Map<string, { playhead: Position | null; atMs: number }>()
  const typing = new Map<string, ReturnType<typeof setTimeout>>()

  const view = (room: Room) => {
    const { memberId, members, playback } = room
    const others = members
      .filter(member => member.id !== memberId)
      .map((member): Other => {
        return {
          ...member,
          ...whereSeen(member),
          typing: typing.has(member.id),
          leading: playback?.leader?.id === member.id,
        }
      })
    return { members, others: keeping(store.get().others, others) }
  }
  /** What says the same as before is old: they are further by now. */
  const whereSeen = ({ id, playhead }: Member) => {
    const before = seen.get(id)
    const now = before && isSame(before.playhead, playhead) ? before : { playhead, atMs: performance.now() }
    seen.set(id, now)
    return { playhead: now.playhead, seenAtMs: now.atMs }
  }
  const show = () => {
    const { room } = store.get()
    if (room) store.set(view(room))
  }
  const stopTyping = (memberId: string) => {
    clearTimeout(typing.get(memberId))
    return typing.delete(memberId)
  }

  return {
    view,
    forget: () => seen.clear(),
    moved: show,
    onTyping({ memberId, typing: isTyping }) {
      stopTyping(memberId)
      if (isTyping) {
        const timer = setTimeout(() => {
          typing.delete(memberId)
          show()
        }, typingMs)
        typing.set(memberId, timer)
      }
      show()
    },
    onSaid(memberId) {
      if (memberId !== null && stopTyping(memberId)) show()
    },
  }
}
