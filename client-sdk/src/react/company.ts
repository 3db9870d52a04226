import type { Position, Room, SocketNotices } from '../index.ts'
import type { Other, RoomState } from './room-state.ts'
import { keeping, type Store } from './store.ts'

/** The other people: where they are, and who types. */
export interface Company {
  view(room: Room): Pick<RoomState, 'members' | 'others'>
  /** What was known may be old. */
  forget(): void
  onPlayhead(notice: SocketNotices['playhead']): void
  onTyping(notice: SocketNotices['typing']): void
  /** Who has said it does not type it any more. */
  onSaid(memberId: string | null): void
}

/** Nobody types for longer than this without saying so again: the word that they stopped may be lost. */
const typingMs = 8000

export function createCompany(store: Store<RoomState>): Company {
  const seen = new Map<string, { playhead: Position; atMs: number }>()
  const typing = new Map<string, ReturnType<typeof setTimeout>>()

  const view = (room: Room) => {
    const { memberId, members, playback } = room
    const others = members
      .filter(member => member.id !== memberId)
      .map((member): Other => {
        const known = seen.get(member.id) ?? (member.playhead && { playhead: member.playhead, atMs: performance.now() })
        if (known) seen.set(member.id, known)
        return {
          ...member,
          playhead: known?.playhead ?? null,
          seenAtMs: known?.atMs ?? 0,
          typing: typing.has(member.id),
          leading: playback?.leader?.id === member.id,
        }
      })
    return { members, others: keeping(store.get().others, others) }
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
    onPlayhead({ playheads }) {
      const atMs = performance.now()
      for (const { memberId, atSeconds, playing, rate } of playheads)
        seen.set(memberId, { playhead: { atSeconds, playing, rate }, atMs })
      show()
    },
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
