import { createContext, use } from 'react'
import type { Message } from '../../../../client-sdk/src/index.ts'

/** Someone who can be spoken to. */
export interface Person {
  id: string
  name: string
}

/** What every line of the talk needs; the same object for as long as it says the same. */
export interface Talk {
  /** Who I am; null until the room is joined. */
  memberId: string | null
  /** Who is here or has spoken, by id. */
  people: ReadonlyMap<string, string>
  react: (messageId: string, emoji: string) => void
  edit: (messageId: string, body: string, mentions: string[]) => void
  /** At once, with some seconds to undo it. */
  remove: (message: Message) => void
  retryAnswer: (questionId: string) => void
  cancelAnswer: (answerId: string) => void
}

export const TalkContext = createContext<Talk | null>(null)

export function useTalk(): Talk {
  const talk = use(TalkContext)
  if (!talk) throw new Error('No talk above this component')
  return talk
}
