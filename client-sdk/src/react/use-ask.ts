import { useMemo } from 'react'
import type { Message } from '../index.ts'
import { useRoomActions, useRoomState } from './room-provider.tsx'
import type { StreamingAnswer } from './room-state.ts'
import type { RoomActions } from './room-store.ts'

export interface Asking {
  /** Shown and sent as messages are: see `useMessages().pending`. */
  ask: RoomActions['ask']
  /** Everyone's: being written, or failed. A whole one is a message. */
  answers: readonly StreamingAnswer[]
  /** Ids of the questions that nothing answers and nothing has said why: a server may have died over them. */
  unanswered: ReadonlySet<string>
  /** Anyone in the room may. Throws `answer.not_found`. */
  cancel: (answerId: string) => Promise<void>
  /** Anyone in the room may. Throws `server.busy`. */
  retry: (questionId: string) => Promise<void>
}

/** Questions to the film, and the answers as they come. */
export function useAsk(): Asking {
  const { ask, cancelAnswer, retryAnswer } = useRoomActions()
  const answers = useRoomState(state => state.answers)
  const messages = useRoomState(state => state.messages)
  const unanswered = useMemo(() => unansweredIn(messages, answers), [messages, answers])
  return { ask, answers, unanswered, cancel: cancelAnswer, retry: retryAnswer }
}

function unansweredIn(messages: readonly Message[], answers: readonly StreamingAnswer[]): Set<string> {
  const open = new Set<string>()
  for (const { id, kind, replyTo } of messages) {
    if (kind === 'question') open.add(id)
    if (kind === 'answer' && replyTo) open.delete(replyTo)
  }
  for (const { questionId } of answers) open.delete(questionId)
  return open
}
