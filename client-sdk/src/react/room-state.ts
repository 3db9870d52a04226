import type { Member, Message, Room, Segment, SocketNotices, Video } from '../index.ts'
import type { Failing } from './failing.ts'

/** `missing`: there is no such video. `deleted`: there was, a moment ago. */
export type RoomPhase = 'joining' | 'joined' | 'missing' | 'deleted' | 'failed'

/** Said here, not yet known to the server. */
export interface PendingMessage {
  clientId: string
  kind: 'message' | 'question'
  author: string
  body: string
  atSeconds: number | null
  /** Why it was refused; null while it is on its way, or waits for the connection. */
  failure: Failing | null
}

/** An answer as far as it has come. */
export interface StreamingAnswer {
  answerId: string
  text: string
  failure: Failing | null
}

/** Where another person is in the film. */
export interface Playhead {
  memberId: string
  name: string
  atSeconds: number
  playing: boolean
}

export interface RoomState {
  phase: RoomPhase
  connection: 'connecting' | 'live' | 'reconnecting'
  /** Why the room could not be joined. */
  failure: Failing | null
  video: Video | null
  members: readonly Member[]
  messages: readonly Message[]
  pending: PendingMessage[]
  answers: StreamingAnswer[]
  typing: Pick<Member, 'id' | 'name'>[]
  playheads: Playhead[]
  /** Segments that came while here; `useTranscript` puts them with the rest. */
  segments: Segment[]
}

export type RoomAction =
  | { type: 'changed'; room: Pick<Room, 'video' | 'members' | 'messages'> }
  | { type: 'closed'; phase: RoomPhase; failure: Failing | null }
  | { type: 'connection'; connection: RoomState['connection'] }
  | { type: 'segments'; segments: Segment[] }
  | { type: 'typing'; notice: SocketNotices['typing'] }
  | { type: 'playhead'; playhead: Playhead }
  | { type: 'said'; item: PendingMessage }
  | { type: 'refused'; clientId: string; failure: Failing | null }
  | { type: 'unsaid'; clientId: string }
  | { type: 'answer'; answerId: string; text?: string; failure?: Failing }

export const emptyRoom: RoomState = {
  phase: 'joining',
  connection: 'connecting',
  failure: null,
  video: null,
  members: [],
  messages: [],
  pending: [],
  answers: [],
  typing: [],
  playheads: [],
  segments: [],
}

export function reduceRoom(state: RoomState, action: RoomAction): RoomState {
  switch (action.type) {
    case 'changed':
      // The fact that deletes a video is followed by the room as it was.
      return state.phase === 'deleted' ? state : withRoom(state, action.room)
    case 'closed':
      return { ...state, phase: action.phase, failure: action.failure }
    case 'connection':
      return { ...state, connection: action.connection }
    case 'segments':
      return { ...state, segments: withSegments(state.segments, action.segments) }
    case 'typing':
      return { ...state, typing: withTyping(state.typing, action.notice) }
    case 'playhead':
      return { ...state, playheads: withPlayhead(state.playheads, action.playhead) }
    case 'said':
      return { ...state, pending: [...state.pending, action.item] }
    case 'refused':
      return { ...state, pending: refused(state.pending, action) }
    case 'unsaid':
      return { ...state, pending: state.pending.filter(item => item.clientId !== action.clientId) }
    case 'answer':
      return { ...state, answers: withAnswer(state, action) }
  }
}

/** What the room itself keeps current; what was pending or streaming, and is now a message, is so no longer. */
function withRoom(
  state: RoomState,
  { video, members, messages }: Pick<Room, 'video' | 'members' | 'messages'>,
): RoomState {
  const here = new Set(members.map(member => member.id))
  const common = { ...state, phase: 'joined', failure: null, video, members, messages } as const
  const present = {
    typing: state.typing.filter(person => here.has(person.id)),
    playheads: state.playheads.filter(each => here.has(each.memberId)),
  }
  if (messages === state.messages) return { ...common, ...present }
  const sent = new Set(messages.map(message => message.clientId))
  const ids = new Set<string>(messages.map(message => message.id))
  return {
    ...common,
    ...present,
    pending: state.pending.filter(item => !sent.has(item.clientId)),
    answers: state.answers.filter(answer => !ids.has(answer.answerId)),
  }
}

/** In order, once each: a later one of the same index is a correction. */
export function withSegments(before: readonly Segment[], more: readonly Segment[]): Segment[] {
  const byIndex = new Map([...before, ...more].map(segment => [segment.index, segment]))
  return [...byIndex.values()].sort((a, b) => a.index - b.index)
}

function withTyping(
  typing: RoomState['typing'],
  { memberId: id, name, typing: isTyping }: SocketNotices['typing'],
): RoomState['typing'] {
  const others = typing.filter(person => person.id !== id)
  return isTyping ? [...others, { id, name }] : others
}

function withPlayhead(before: Playhead[], { memberId, name, atSeconds, playing }: Playhead): Playhead[] {
  return [...before.filter(each => each.memberId !== memberId), { memberId, name, atSeconds, playing }]
}

const refused = (
  pending: PendingMessage[],
  { clientId, failure }: Pick<PendingMessage, 'clientId' | 'failure'>,
): PendingMessage[] => pending.map(item => (item.clientId === clientId ? { ...item, failure } : item))

function withAnswer(
  { answers, messages }: RoomState,
  { answerId, text = '', failure }: { answerId: string; text?: string; failure?: Failing },
): StreamingAnswer[] {
  // Its message is here already: a late token changes nothing.
  if (messages.some(message => message.id === answerId)) return answers
  const known = answers.find(each => each.answerId === answerId)
  const answer = { answerId, text: (known?.text ?? '') + text, failure: failure ?? known?.failure ?? null }
  if (known) return answers.map(each => (each === known ? answer : each))
  // A new question makes an older failure old news.
  return [...answers.filter(each => each.failure === null), answer]
}
