import { type Segment, timeCode } from '../../../shared/index.ts'
import type { AnswerEngine, AnswerRequest } from '../engine.ts'
import { segmentsAt } from '../place.ts'
import { bestQuotes, type Quote } from './best-quotes.ts'
import { timesInRound } from './marker-reader.ts'
import { overviewQuotes } from './overview.ts'
import { citationOf, segmentsIn, textOf } from './quotes.ts'
import { contentWords } from './words.ts'

const mostQuotes = 3

/** The last rung: nobody reads, so nothing is put into other words. It quotes what is said, and says that it does. */
export function createExtractiveEngine(): AnswerEngine {
  return {
    name: 'extractive',
    signature: 'extractive',
    check: async () => ({ available: true, reason: 'Quotes the places that answer best; needs nothing.' }),
    async answer(request, { signal, onText }) {
      signal.throwIfAborted()
      const { passedOver, place } = request
      const { quotes, segments, kind } = chooseQuotes(request)
      const reason = passedOver ? `${passedOver}, so ` : ''
      if (quotes.length === 0) {
        onText('The video does not seem to say. ')
        onText(capitalized(`${reason}I only compared the words of your question with what is said in it.`))
        return { citations: [], usage: null }
      }
      onText(capitalized(`${reason}I only quote${ways[kind](place)}:`))
      return {
        citations: quotes.map(quote => {
          signal.throwIfAborted()
          const spoken = segmentsIn(segments, quote)
          const speaker = spoken[0]?.speaker
          const quoted = timesInRound(`${speaker ? `${speaker}: ` : ''}“${textOf(spoken)}”`)
          onText(`\n\n[${timeCode(spoken[0]?.startSeconds ?? 0)}] ${quoted}`)
          return citationOf(spoken, quote.score)
        }),
        usage: null,
      }
    },
  }
}

const ways = {
  best: () => '',
  overview: () => ', from the opening and from where its main words come up',
  place: (place: AnswerRequest['place']) => `, from the part at ${timeCode(place?.startSeconds ?? 0)}`,
}

/** Quotes, by their places in the segments beside them. */
function chooseQuotes(request: AnswerRequest): {
  quotes: Quote[]
  segments: readonly Segment[]
  kind: keyof typeof ways
} {
  const { question, earlier, segments, place } = request
  const there = place === null ? [] : segmentsAt(segments, place)
  const isOpen = contentWords(question, place).length === 0
  const isLost = isOpen && earlier === ''
  const quotes = isLost || (isOpen && there.length > 0) ? [] : bestQuotes(request, mostQuotes)
  if (quotes.length > 0) return { quotes, segments, kind: 'best' }
  // Whoever points at a part gets it, also when none of their words is said there.
  if (there.length > 0) return { quotes: overviewQuotes(there), segments: there, kind: 'place' }
  return isLost ? { quotes: overviewQuotes(segments), segments, kind: 'overview' } : { quotes, segments, kind: 'best' }
}

const capitalized = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1)
