import type { AnswerUsage, Citation, Hit, Message, Segment } from '../../shared/index.ts'
import type { Rung } from '../platform/rungs.ts'
import type { Place } from './place.ts'

export interface AnswerRequest {
  question: string
  /** Who asks, as the room sees them. */
  asker: string
  /** What retrieval found, best first. */
  passages: readonly Hit[]
  /** The whole transcript, in order; of a span that is asked about, what is said there. */
  segments: readonly Segment[]
  /** What was said in the room before, oldest first. */
  talk: readonly Message[]
  /** The words of the question before, and of its answer, when this one goes on from there; else empty. */
  earlier: string
  /** The part of the film that is asked about; null for all of it. */
  place: Place | null
  video: { title: string; durationSeconds: number }
  /** Why no better engine answers, as the first half of a sentence; null when this is the best there is. */
  passedOver: string | null
}

export interface AnswerContext {
  signal: AbortSignal
  /** Takes the answer as it comes. Its parts, joined, are the answer. */
  onText: (text: string) => void
  /** What came so far is void: the answer begins anew. */
  onAnew: () => void
}

/** Answers a question from what is said in a video. Streams text with time codes like `[0:42]`. */
export interface AnswerEngine extends Rung {
  /** What stands under its answers: the model's name, or `extractive`. */
  signature: string
  /**
   * Resolves, when the text is complete, to the places that it rests on, in the order of their time codes, and what it
   * cost. Rejects with the signal's reason on abort, else with `answer.failed`, and `check` says why.
   */
  answer(request: AnswerRequest, context: AnswerContext): Promise<{ citations: Citation[]; usage: AnswerUsage | null }>
}
