import {
  type EditMessage,
  isPlace,
  isSameEmoji,
  type MemberId,
  type Message,
  type MessageId,
  type Reaction,
  type VideoId,
  videoStream,
} from '../../shared/index.ts'
import type { Tx } from '../platform/db/index.ts'
import { AppError } from '../platform/errors.ts'
import { type Journal, redactEvents } from '../platform/journal/index.ts'
import type { FilmEnd, Placed } from './film-end.ts'
import { deleteMessage, findAsker, lockMessage, updateMessage } from './queries.ts'

/** Someone who changes what is there: without an id nobody can be told from others. */
export interface Changer {
  memberId: MemberId
  name: string
}
export interface MessageInRoom {
  videoId: VideoId
  messageId: MessageId
}
export interface ReactionChange extends MessageInRoom {
  emoji: string
  on: boolean
}

/** What is said can be changed. All throw `message.not_found`; the room is told in the transaction of the change. */
export interface MessageChanges {
  /** Only its author. What leaves it as it was tells nobody. Throws `message.not_yours`, `request.invalid`. */
  edit(change: EditMessage, by: Changer): Promise<Message>
  /**
   * Only its author, and an answer only whoever asked; answers stay when their question goes. Its words are gone from
   * the log too. Throws `message.not_yours`.
   */
  remove(which: MessageInRoom, by: Changer): Promise<void>
  /** Anyone. What is so already stays so, and tells nobody. Throws `request.invalid` when there are too many. */
  react(change: ReactionChange, by: Changer): Promise<Message>
}

const mostEmojis = 20
/** Each change tells all of them. */
const mostReactions = 1000

export interface MessageChangesOptions {
  journal: Pick<Journal, 'transact'>
  filmEnd: Pick<FilmEnd, 'within'>
}

export const createMessageChanges = ({ journal, filmEnd }: MessageChangesOptions): MessageChanges => ({
  edit: ({ videoId, messageId, ...change }, by) =>
    filmEnd.within(videoId, placeIn(change), held =>
      journal.transact(async (tx, append) => {
        const before = ownedBy(by, await found(tx, { videoId, messageId }))
        if (before.kind !== 'message')
          throw new AppError('request.invalid', 'A question stays as it was asked: ask another one.')
        const changes = changesOf(before, withPlace(change, held))
        if (changes === null) return before
        const message = await updateMessage(tx, messageId, { ...changes, editedAt: new Date() })
        append(videoStream(videoId), 'message.edited', { message })
        return message
      }),
    ),
  remove: (which, by) =>
    journal.transact(async (tx, append) => {
      const { videoId, messageId } = which
      const message = await found(tx, which)
      const { kind, authorId } = message
      ownedBy(by, { kind, authorId: kind === 'answer' ? await findAsker(tx, message) : authorId })
      await deleteMessage(tx, messageId)
      await forgetWords(tx, which)
      append(videoStream(videoId), 'message.deleted', { messageId })
    }),
  react: ({ videoId, messageId, emoji, on }, by) =>
    journal.transact(async (tx, append) => {
      const before = await found(tx, { videoId, messageId })
      const has = before.reactions.some(each => isSameEmoji(each.emoji, emoji) && isAmong(each, by))
      if (has === on) return before
      const reactions = on ? withReaction(before.reactions, emoji, by) : withoutReaction(before.reactions, emoji, by)
      const message = await updateMessage(tx, messageId, { reactions })
      append(videoStream(videoId), 'message.reacted', { messageId, reactions })
      return message
    }),
})

/** Locked until the commit: of several who change it at once, each sees what the one before made of it. */
async function found(tx: Tx, which: MessageInRoom): Promise<Message> {
  const message = await lockMessage(tx, which)
  if (!message) throw new AppError('message.not_found', 'There is no such message in this room, or not any more.')
  return message
}

function ownedBy<M extends Pick<Message, 'authorId' | 'kind'>>({ memberId }: Changer, message: M): M {
  if (message.authorId === memberId) return message
  throw new AppError('message.not_yours', notYours[message.kind])
}
const notYours: Record<Message['kind'], string> = {
  message: 'Only whoever said it may change it.',
  question: 'Only whoever asked it may delete it.',
  answer: 'Only whoever asked may delete this answer.',
}

type Change = Omit<EditMessage, keyof MessageInRoom>

const placeIn = ({ atSeconds = null, endSeconds = null }: Change): Placed => ({ atSeconds, endSeconds })

/** What was left out stays so. */
const withPlace = (change: Change, { atSeconds, endSeconds }: Placed): Change => ({
  ...change,
  ...(change.atSeconds !== undefined && { atSeconds }),
  ...(change.endSeconds !== undefined && { endSeconds }),
})

type Editable = Pick<Message, 'body' | 'atSeconds' | 'endSeconds' | 'mentions'>

/** Null when it stays as it is. Throws `request.invalid` when its place would be none. */
function changesOf(before: Message, change: Change): Editable | null {
  const atSeconds = change.atSeconds === undefined ? before.atSeconds : change.atSeconds
  // Without its beginning a span is none.
  const kept = change.atSeconds === null ? null : before.endSeconds
  const endSeconds = change.endSeconds === undefined ? kept : change.endSeconds
  const body = change.body ?? before.body
  const mentions = change.mentions === undefined ? before.mentions : mentionsOf(change.mentions)
  if (!isPlace({ atSeconds, endSeconds }))
    throw new AppError(
      'request.invalid',
      `A span begins at atSeconds (${atSeconds}) and ends after it (${endSeconds}).`,
    )
  const after: Editable = { body, atSeconds, endSeconds, mentions }
  const isSame = (name: keyof Editable) => JSON.stringify(after[name]) === JSON.stringify(before[name])
  return (Object.keys(after) as (keyof Editable)[]).every(isSame) ? null : after
}

/** Each person once. */
export const mentionsOf = (given: readonly MemberId[]): MemberId[] => [...new Set(given)]

const isAmong = ({ people }: Reaction, { memberId }: Changer) => people.some(({ id }) => id === memberId)

function withReaction(reactions: readonly Reaction[], emoji: string, { memberId, name }: Changer): Reaction[] {
  const person = { id: memberId, name }
  if (reactions.reduce((sum, { people }) => sum + people.length, 0) >= mostReactions)
    throw new AppError('request.invalid', `A message takes ${mostReactions} reactions at most.`)
  if (reactions.some(each => isSameEmoji(each.emoji, emoji)))
    return reactions.map(each => (isSameEmoji(each.emoji, emoji) ? { emoji, people: [...each.people, person] } : each))
  if (reactions.length >= mostEmojis)
    throw new AppError('request.invalid', `A message takes ${mostEmojis} different emojis at most.`)
  return [...reactions, { emoji, people: [person] }]
}

const withoutReaction = (reactions: readonly Reaction[], emoji: string, { memberId }: Changer): Reaction[] =>
  reactions
    .map(each =>
      isSameEmoji(each.emoji, emoji) ? { emoji, people: each.people.filter(({ id }) => id !== memberId) } : each,
    )
    .filter(({ people }) => people.length > 0)

/** Replay must not bring back what was deleted. */
async function forgetWords(tx: Tx, { videoId, messageId }: MessageInRoom): Promise<void> {
  await redactEvents(tx, videoStream(videoId), {
    types: ['message.created', 'message.edited'],
    about: { message: { id: messageId } },
    within: 'message',
    blank: { body: '', mentions: [], reactions: [], citations: [] },
  })
  await redactEvents(tx, videoStream(videoId), {
    types: ['message.reacted'],
    about: { messageId },
    blank: { reactions: [] },
  })
}
