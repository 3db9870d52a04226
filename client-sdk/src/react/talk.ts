import type { Message, Room, RoomEventPayload, Rushes } from '../index.ts'
import type { RoomState } from './room-state.ts'
import type { Store } from './store.ts'

/** The messages of a room as they are shown: earlier pages before them, what was changed here on top of them. */
export interface Talk {
  view(room: Room): Pick<RoomState, 'messages' | 'hasEarlier'>
  /** Brings the page of talk before the first message. Throws nothing: what did not come can be asked for again. */
  loadEarlier(): Promise<void>
  /** Shown at once; put back, and thrown, when `request` is refused. `apply` gives null for what is to be gone. */
  change(messageId: string, apply: Apply, request: () => Promise<unknown>): Promise<void>
  /** What the room does not hold any more changes all the same. */
  onEdited(payload: RoomEventPayload<'message.edited'>): void
  onDeleted(payload: RoomEventPayload<'message.deleted'>): void
  onReacted(payload: RoomEventPayload<'message.reacted'>): void
  /** The room was replaced as a whole: there may be a gap before it. */
  onSnapshot(): void
}

type Apply = (message: Message) => Message | null

/** Made here, and perhaps not in the room's log yet. */
interface Change {
  messageId: string
  apply: Apply
  /** The message as it was. The server has the change, and it is another one now: then it is what the room says. */
  before: Message | undefined
  isTaken: boolean
}

/** How many messages a room gives who joins; with fewer there are no earlier ones. */
const joinedWith = 50

export function createTalk(store: Store<RoomState>, rushes: Rushes, videoId: string): Talk {
  let earlier: readonly Message[] = []
  let recent: readonly Message[] = []
  let room: Room | null = null
  let isAll = false
  let changes: readonly Change[] = []

  const find = (id: string) => recent.find(each => each.id === id) ?? earlier.find(each => each.id === id)
  const view = () => {
    changes = changes.filter(({ isTaken, messageId, before }) => !isTaken || find(messageId) === before)
    const all = merged(earlier, recent)
    return { messages: changes.reduce(withChange, all), hasEarlier: !isAll && all.length >= joinedWith }
  }
  const show = () => store.set(view())
  const inEarlier = (id: string, apply: Apply) => {
    if (!earlier.some(message => message.id === id)) return
    earlier = withChange(earlier, { messageId: id, apply })
  }

  return {
    view(next) {
      if (next !== room) earlier = beforeRoom(merged(earlier, recent), next)
      room = next
      recent = room.messages
      return view()
    },
    async loadEarlier() {
      const before = merged(earlier, recent)[0]?.id
      try {
        const page = await rushes.videos.messages(videoId, { before })
        earlier = [...page.items, ...earlier]
        isAll = page.nextCursor === null
        show()
      } catch {
        // The button stays, and the connection is spoken of elsewhere.
      }
    },
    async change(messageId, apply, request) {
      const entry: Change = { messageId, apply, before: find(messageId), isTaken: false }
      changes = [...changes, entry]
      show()
      try {
        await request()
        entry.isTaken = true
      } catch (fault) {
        changes = changes.filter(each => each !== entry)
        throw fault
      } finally {
        show()
      }
    },
    onEdited: ({ message }) => inEarlier(message.id, () => message),
    onDeleted: ({ messageId }) => inEarlier(messageId, () => null),
    onReacted: ({ messageId, reactions }) => inEarlier(messageId, message => ({ ...message, reactions })),
    onSnapshot() {
      earlier = []
      isAll = false
    },
  }
}

function withChange(
  messages: readonly Message[],
  { messageId, apply }: Pick<Change, 'messageId' | 'apply'>,
): readonly Message[] {
  return messages.flatMap(message => (message.id === messageId ? (apply(message) ?? []) : message))
}

/** What was known when the room was joined anew, and lies before what it has; nothing when there may be a gap. */
function beforeRoom(known: readonly Message[], { messages: [first] }: Room): readonly Message[] {
  const at = known.findIndex(message => message.id === first?.id)
  return known.slice(0, Math.max(0, at))
}

/** An overlap is there once: as the room has it. */
function merged(earlier: readonly Message[], recent: readonly Message[]): readonly Message[] {
  if (earlier.length === 0) return recent
  const known = new Set<string>(recent.map(message => message.id))
  return [...earlier.filter(message => !known.has(message.id)), ...recent]
}
