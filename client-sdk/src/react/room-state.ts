import type { Member, Message, RoomEvent, Segment, SocketNotices, StageName, Video } from '../index.ts'
import type { Failing } from './failing.ts'

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
  members: Member[]
  messages: Message[]
  pending: PendingMessage[]
  answers: StreamingAnswer[]
  typing: Member[]
  playheads: Playhead[]
  /** Segments that came while here, by index; `useTranscript` puts them with the rest. */
  segments: Segment[]
}

export type RoomAction =
  | { type: 'joined'; video: Video; members: Member[]; messages: Message[] }
  | { type: 'join_failed'; failure: Failing }
  | { type: 'connection'; connection: RoomState['connection'] }
  | { type: 'event'; event: RoomEvent }
  | { type: 'members'; members: Member[] }
  | { type: 'progress'; stage: StageName; percent: number }
  | { type: 'typing'; notice: SocketNotices['typing'] }
  | { type: 'playhead'; notice: SocketNotices['playhead'] }
  | { type: 'said'; item: PendingMessage }
  | { type: 'refused'; clientId: string; failure: Failing | null }
  | { type: 'unsaid'; clientId: string }
  | { type: 'answer_started'; answerId: string }
  | { type: 'answer_delta'; answerId: string; text: string }
  | { type: 'answer_failed'; answerId: string; failure: Failing }
  | { type: 'message'; message: Message }

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
    case 'joined':
      return action.messages.reduce(withMessage, {
        ...state,
        phase: 'joined',
        connection: 'live',
        failure: null,
        video: action.video,
        members: action.members,
      })
    case 'join_failed':
      return {
        ...state,
        phase: action.failure.code === 'video.not_found' ? 'missing' : 'failed',
        failure: action.failure,
      }
    case 'connection':
      return { ...state, connection: action.connection }
    case 'event':
      return withEvent(state, action.event)
    case 'message':
      return withMessage(state, action.message)
    case 'members':
      return withMembers(state, action.members)
    case 'progress':
      return withProgress(state, action.stage, action.percent)
    default:
      return withTalk(state, action)
  }
}

type TalkAction = Exclude<
  RoomAction,
  { type: 'joined' | 'join_failed' | 'connection' | 'event' | 'message' | 'members' | 'progress' }
>

/** What is said and shown and never stored. */
function withTalk(state: RoomState, action: TalkAction): RoomState {
  switch (action.type) {
    case 'typing': {
      const { memberId: id, name, typing } = action.notice
      const others = state.typing.filter(person => person.id !== id)
      return { ...state, typing: typing ? [...others, { id, name }] : others }
    }
    case 'playhead': {
      const { memberId, name, atSeconds, playing } = action.notice
      const others = state.playheads.filter(each => each.memberId !== memberId)
      return { ...state, playheads: [...others, { memberId, name, atSeconds, playing }] }
    }
    case 'said':
      return { ...state, pending: [...state.pending, action.item] }
    case 'refused':
      return { ...state, pending: changed(state.pending, action.clientId, { failure: action.failure }) }
    case 'unsaid':
      return { ...state, pending: state.pending.filter(item => item.clientId !== action.clientId) }
    case 'answer_started':
      return withAnswer(state, action.answerId, answer => answer)
    case 'answer_delta':
      return withAnswer(state, action.answerId, answer => ({ ...answer, text: answer.text + action.text }))
    case 'answer_failed':
      return withAnswer(state, action.answerId, answer => ({ ...answer, failure: action.failure }))
  }
}

const changed = (pending: PendingMessage[], clientId: string, change: Partial<PendingMessage>): PendingMessage[] =>
  pending.map(item => (item.clientId === clientId ? { ...item, ...change } : item))

function withAnswer(
  state: RoomState,
  answerId: string,
  change: (answer: StreamingAnswer) => StreamingAnswer,
): RoomState {
  // Its message is here already: a late token changes nothing.
  if (state.messages.some(message => message.id === answerId)) return state
  const answer = state.answers.find(each => each.answerId === answerId) ?? { answerId, text: '', failure: null }
  // A new question makes an older failure old news.
  const others = state.answers.filter(each => each.answerId !== answerId && each.failure === null)
  return { ...state, answers: [...others, change(answer)] }
}

/** In order of time, once each; what was pending or streaming as this message is so no longer. */
function withMessage(state: RoomState, message: Message): RoomState {
  if (state.messages.some(each => each.id === message.id)) return state
  const messages = [...state.messages, message]
  const last = state.messages.at(-1)
  if (last && last.createdAt > message.createdAt) messages.sort((a, b) => (a.createdAt < b.createdAt ? -1 : 1))
  return {
    ...state,
    messages,
    pending: state.pending.filter(item => item.clientId !== message.clientId),
    answers: state.answers.filter(answer => answer.answerId !== message.id),
    typing: state.typing.filter(person => person.name !== message.author),
  }
}

function withMembers(state: RoomState, members: Member[]): RoomState {
  const here = new Set(members.map(member => member.id))
  return {
    ...state,
    members,
    typing: state.typing.filter(person => here.has(person.id)),
    playheads: state.playheads.filter(each => here.has(each.memberId)),
  }
}

function withProgress(state: RoomState, name: StageName, percent: number): RoomState {
  const { video } = state
  if (!video) return state
  const stages = video.progress.stages.map(stage => (stage.name === name ? { ...stage, percent } : stage))
  return { ...state, video: { ...video, progress: { ...video.progress, stages } } }
}

function withEvent(state: RoomState, { type, payload }: RoomEvent): RoomState {
  switch (type) {
    case 'message.created':
      return withMessage(state, payload.message)
    case 'transcript.segments':
      return { ...state, segments: withSegments(state.segments, payload.segments) }
    case 'video.deleted':
      return { ...state, phase: 'deleted' }
    default:
      return state.video ? { ...state, video: videoAfter(state.video, { type, payload } as RoomEvent) } : state
  }
}

export function withSegments(before: Segment[], more: Segment[]): Segment[] {
  const byIndex = new Map([...before, ...more].map(segment => [segment.index, segment]))
  return [...byIndex.values()].sort((a, b) => a.index - b.index)
}

function videoAfter(video: Video, { type, payload }: RoomEvent): Video {
  switch (type) {
    case 'video.created':
    case 'video.playable':
    case 'video.ready':
      return payload.video
    case 'video.status_changed':
      return { ...video, status: payload.status }
    case 'video.renamed':
      return { ...video, title: payload.title }
    case 'video.failed':
      return { ...video, status: 'error', error: payload.error }
    case 'thumbnail.ready':
      return { ...video, links: { ...video.links, thumbnail: payload.thumbnail } }
    case 'transcript.ready':
      return { ...video, transcriptState: 'ready' }
    case 'transcript.unavailable':
      return { ...video, transcriptState: 'unavailable', transcriptReason: payload.reason }
    case 'video.stage_changed':
      return withStage(video, payload)
    default:
      return video
  }
}

function withStage(
  video: Video,
  { stage, state }: { stage: StageName; state: Video['progress']['stages'][number]['state'] },
): Video {
  const percent = state === 'done' || state === 'skipped' ? 100 : 0
  const stages = video.progress.stages.map(each => (each.name === stage ? { ...each, state, percent } : each))
  const transcriptState = stage === 'transcript' && state === 'running' ? 'running' : video.transcriptState
  return { ...video, transcriptState, progress: { ...video.progress, stages } }
}
