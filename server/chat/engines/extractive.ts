import { timeCode } from '../../../shared/index.ts'
import type { AnswerEngine } from '../engine.ts'
import { bestQuotes } from './best-quotes.ts'
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
    async answer({ question, segments, passages, passedOver }, { signal, onText }) {
      signal.throwIfAborted()
      const isOpen = contentWords(question).length === 0
      const quotes = isOpen ? overviewQuotes(segments) : bestQuotes({ question, segments, passages }, mostQuotes)
      const reason = passedOver ? `${passedOver}, so ` : ''
      if (quotes.length === 0) {
        onText('The video does not seem to say. ')
        onText(capitalized(`${reason}I only compared the words of your question with what is said in it.`))
        return { citations: [] }
      }
      onText(
        capitalized(
          `${reason}I only quote${isOpen ? ', from the opening and from where its main words come up' : ''}:`,
        ),
      )
      return {
        citations: quotes.map(quote => {
          const spoken = segmentsIn(segments, quote)
          const speaker = spoken[0]?.speaker
          onText(`\n\n[${timeCode(spoken[0]?.startSeconds ?? 0)}] ${speaker ? `${speaker}: ` : ''}“${textOf(spoken)}”`)
          return citationOf(spoken, quote.score)
        }),
      }
    },
  }
}

const capitalized = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1)
