import { useState } from 'react'
import type { Message } from '../../../../client-sdk/src/index.ts'

/** What this page has seen of questions and answers, deleted ones among them. */
export interface QuestionMemory {
  /** As last seen, by id. */
  questions: ReadonlyMap<string, Message>
  /** Ids of the questions that had an answer. */
  answered: ReadonlySet<string>
}

/** An answer outlives its question, and is its asker's all the same; of a question whose answer was deleted one can say so. */
export function useQuestionMemory(messages: readonly Message[]): QuestionMemory {
  const [memory] = useState(() => ({ questions: new Map<string, Message>(), answered: new Set<string>() }))
  // While drawing, for this drawing needs it. To learn the same twice changes nothing.
  for (const message of messages) {
    if (message.kind === 'question') memory.questions.set(message.id, message)
    if (message.kind === 'answer' && message.replyTo !== null) memory.answered.add(message.replyTo)
  }
  return memory
}
