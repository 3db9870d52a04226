import { createExtractiveEngine } from '../../server/chat/engines/extractive.ts'
import type { Citation, Hit } from '../../shared/index.ts'
import { isMarked, type Meeting } from './meetings.ts'

export type Retrieve = (meeting: Meeting, question: string) => Promise<Hit[]>

export interface Answering {
  ownAsked: number
  ownAnswered: number
  ownFromMarked: number
  foreignAsked: number
  foreignRefused: number
}

/** Of each other kind of meetings, so many questions are put to each one. */
const foreignOfKind = 2

/** Asks each meeting its own questions, and some of meetings about quite other things, which it can't answer. */
export async function measureAnswers(meetings: readonly Meeting[], retrieve: Retrieve): Promise<Answering> {
  const count = { ownAsked: 0, ownAnswered: 0, ownFromMarked: 0, foreignAsked: 0, foreignRefused: 0 }
  for (const [at, meeting] of meetings.entries()) {
    for (const question of meeting.questions) {
      const citations = await answer(meeting, question.text, retrieve)
      count.ownAsked++
      if (citations.length > 0) count.ownAnswered++
      if (citations.some(citation => isMarked(question, citation))) count.ownFromMarked++
    }
    for (const text of foreignQuestions(meetings, meeting, at)) {
      count.foreignAsked++
      if ((await answer(meeting, text, retrieve)).length === 0) count.foreignRefused++
    }
  }
  return count
}

function foreignQuestions(meetings: readonly Meeting[], { kind }: Meeting, at: number): string[] {
  const kinds = Map.groupBy(meetings, meeting => meeting.kind)
  return [...kinds].flatMap(([other, theirs]) => {
    const questions = theirs.flatMap(meeting => meeting.questions)
    if (other === kind || questions.length === 0) return []
    // Others for each meeting, spread over all that there are.
    const step = Math.max(1, Math.floor(questions.length / foreignOfKind))
    return Array.from(
      { length: foreignOfKind },
      (_, of) => questions[(at * 5 + of * step) % questions.length]?.text ?? '',
    )
  })
}

async function answer(meeting: Meeting, question: string, retrieve: Retrieve): Promise<Citation[]> {
  const passages = await retrieve(meeting, question)
  const request = {
    ...{
      question,
      passages,
      segments: meeting.segments,
      talk: [],
      earlier: '',
      asker: 'Ada',
      place: null,
      passedOver: null,
    },
    video: { title: meeting.name, durationSeconds: meeting.seconds },
  }
  const context = { signal: new AbortController().signal, onText: () => {}, onAnew: () => {} }
  return (await createExtractiveEngine().answer(request, context)).citations
}
