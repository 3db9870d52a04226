import { isSameEmoji } from '../../../shared/emoji.ts'
import type { Message, MessageChange, Rushes } from '../index.ts'
import { createAnswers } from './answers.ts'
import { createCompany } from './company.ts'
import { failingOf } from './failing.ts'
import { listenToRoom, type RoomParts } from './listen-to-room.ts'
import { createOutgoing } from './outgoing.ts'
import { createRemovals, type Removal, type RemoveOptions } from './removals.ts'
import { emptyRoom, type RoomState, type Saying } from './room-state.ts'
import { createStore, type Store } from './store.ts'
import { createTalk } from './talk.ts'
import { withReaction } from './with-reaction.ts'

/** What can be done in a room. All of it may be called before it is joined; what can't wait then throws. */
export interface RoomActions {
  /** Shown at once, sent when the connection is there; kept over a reload of the page. Answers its `clientId`. */
  send(saying: Saying): string
  /** A question to the film, shown and sent the same way. */
  ask(saying: Pick<Saying, 'body' | 'author' | 'atSeconds' | 'endSeconds'>): string
  /** Sends again what was refused. */
  retry(clientId: string): void
  /** Takes back what is not sent. */
  discard(clientId: string): void
  /** Shown at once; put back, and thrown, when it is refused. */
  edit(messageId: string, change: MessageChange): Promise<void>
  /** Gone at once; back when it is undone or refused. The request goes out when there is no time left to undo it. */
  remove(messageId: string, options?: RemoveOptions): Removal
  /** Adds one's reaction, or takes it away when it is there. Shown at once; put back, and thrown, when it is refused. */
  react(messageId: string, emoji: string): Promise<void>
  cancelAnswer(answerId: string): Promise<void>
  /** Asks the model again: of a question that got no answer. */
  retryAnswer(questionId: string): Promise<void>
  /** All that has come so far was seen. */
  markRead(): void
  /** Tells the others. */
  typing(typing: boolean): void
  /** Brings the page of talk before the first message. */
  loadEarlier(): Promise<void>
  /** After the joining failed. */
  rejoin(): void
}

/** A room's state and what can be done in it: what `RoomProvider` gives its hooks. */
export interface RoomStore {
  store: Store<RoomState>
  actions: RoomActions
  /** Returns how to leave, whether or not the joining is done. */
  join(name: string): () => void
}

export function createRoomStore(rushes: Rushes, videoId: string): RoomStore {
  const store = createStore(emptyRoom)
  const talk = createTalk(store, rushes, videoId)
  const outgoing = createOutgoing(store, videoId)
  const parts: RoomParts = { store, talk, outgoing, company: createCompany(store), answers: createAnswers(store) }
  const removals = createRemovals(talk.change, async messageId => roomIn(store).delete(messageId))
  let leave = () => {}
  let joinedAs = ''

  const join = (name: string) => {
    leave()
    joinedAs = name
    leave = enter({ rushes, videoId, name, parts, beforeLeaving: removals.confirmAll })
    return leave
  }
  return {
    store,
    join,
    actions: {
      ...{ retry: outgoing.retry, discard: outgoing.discard },
      ...{ loadEarlier: talk.loadEarlier, remove: removals.remove },
      send: saying => outgoing.say('message', saying),
      ask: saying => outgoing.say('question', saying),
      edit: (messageId, change) =>
        talk.change(
          messageId,
          message => edited(message, change),
          async () => roomIn(store).edit(messageId, change),
        ),
      react(messageId, emoji) {
        const { room, messages } = store.get()
        const me = { id: room?.memberId ?? '', name: joinedAs }
        const reactions = messages.find(message => message.id === messageId)?.reactions ?? []
        const on = !reactions.some(
          each => isSameEmoji(each.emoji, emoji) && each.people.some(person => person.id === me.id),
        )
        return talk.change(
          messageId,
          message => ({ ...message, reactions: withReaction(message.reactions, { emoji, on }, me) }),
          async () => roomIn(store).react(messageId, emoji, on),
        )
      },
      cancelAnswer: async answerId => roomIn(store).cancelAnswer(answerId),
      retryAnswer: async questionId => roomIn(store).retryAnswer(questionId),
      markRead: () => store.get().room?.markRead(),
      typing: typing => store.get().room?.typing(typing),
      rejoin: () => void join(joinedAs),
    },
  }
}

function roomIn(store: Store<RoomState>) {
  const { room } = store.get()
  if (!room) throw new Error('The room is not joined yet.')
  return room
}

/** What is left out stays; null takes the place in the film away. */
function edited(message: Message, { body, atSeconds, endSeconds, mentions }: MessageChange): Message {
  return {
    ...message,
    body: body ?? message.body,
    atSeconds: atSeconds === undefined ? message.atSeconds : atSeconds,
    endSeconds: endSeconds === undefined ? message.endSeconds : endSeconds,
    mentions: (mentions as Message['mentions'] | undefined) ?? message.mentions,
    editedAt: new Date().toISOString(),
  }
}

interface Entering {
  rushes: Rushes
  videoId: string
  name: string
  parts: RoomParts
  /** Calls back when nothing is to be said any more. */
  beforeLeaving: (then: () => void) => void
}

function enter({ rushes, videoId, name, parts, beforeLeaving }: Entering): () => void {
  const { store, outgoing } = parts
  const leaving = new AbortController()
  outgoing.sendTo(null, name)
  if (store.get().phase !== 'joined') store.set({ phase: 'joining', failure: null, status: 'connecting' })
  rushes.rooms.join(videoId, { name, signal: leaving.signal }).then(
    room => {
      if (leaving.signal.aborted) return room.leave()
      const stop = listenToRoom(room, parts)
      outgoing.sendTo(room, name)
      leaving.signal.addEventListener('abort', () => {
        beforeLeaving(room.leave)
        stop()
        outgoing.sendTo(null, name)
        store.set({ room: null })
      })
    },
    fault => {
      if (leaving.signal.aborted) return
      const failure = failingOf(fault)
      // An address that is no id at all is as missing as an id that nothing has.
      const phase = ['video.not_found', 'request.invalid'].includes(failure.code) ? 'missing' : 'failed'
      store.set({ phase, failure })
    },
  )
  return () => leaving.abort()
}
