import type { OpenAI } from 'openai'
import { type AnswerUsage, timeCode } from '../../../shared/index.ts'
import { AppError } from '../../platform/errors.ts'
import { openOpenAi } from '../../platform/models/index.ts'
import type { AnswerEngine } from '../engine.ts'
import type { Cut, Tokens } from './completion-chunk.ts'
import { chooseExcerpts, type Excerpt } from './excerpts.ts'
import { createMarkerReader } from './marker-reader.ts'
import { createOpening } from './opening.ts'
import type { Patience } from './patience.ts'
import { writePrompt } from './prompt.ts'
import { citationOf } from './quotes.ts'
import type { Completed, Completion } from './read-completion.ts'

export interface ModelOptions {
  apiKey?: string | undefined
  /** Any server that speaks OpenAI's chat completions: Ollama, vLLM, LM Studio. */
  baseUrl?: string | undefined
  model: string
  /** Why it is not asked, although there is a service. */
  off?: string
  /** In US dollars for a million tokens; without both, cost is not reckoned. */
  prices?: { input: number | undefined; output: number | undefined }
}

/** About 4,000 tokens of transcript, in excerpts of about 20 seconds: small local models can hold that. */
const excerptLimits = { totalCharacters: 16_000, excerptCharacters: 320 }

/** They know the client's library, which is large: whoever asks no model never loads it. */
const reading = () => import('./read-completion.ts')
const faults = () => import('./model-fault.ts')

/** A language model behind OpenAI's chat completions. It has no tools and reads nothing but the excerpts. */
export function createOpenAiEngine(options: ModelOptions, patience: Patience): AnswerEngine {
  const { apiKey, baseUrl, model, off } = options
  const isConfigured = off === undefined && (apiKey !== undefined || baseUrl !== undefined)
  let lastFault: string | null = null
  let client: Promise<OpenAI> | undefined
  let asksUsage = true

  const read = async (asked: Omit<Completion, 'asksUsage'>): Promise<Completed> => {
    client ??= openOpenAi({ apiKey, baseUrl, retries: 1 })
    const { isRefusal, readCompletion } = await reading()
    try {
      return await readCompletion(await client, { ...asked, asksUsage })
    } catch (fault) {
      if (!asksUsage || !isRefusal(fault)) throw fault
      // It may be the option that it does not like; if it takes the question without, it is not asked again.
      const completed = await readCompletion(await client, { ...asked, asksUsage: false })
      asksUsage = false
      return completed
    }
  }

  return {
    name: 'openai',
    signature: model,
    async check() {
      const unset = 'Neither OPENAI_API_KEY nor OPENAI_BASE_URL is set.'
      if (!isConfigured) return { available: false, reason: off ?? unset }
      const asked = `${model} is asked at ${baseUrl === undefined ? 'OpenAI' : new URL(baseUrl).host}`
      return {
        available: true,
        reason: lastFault === null ? `${asked}.` : `${asked}; it failed last time: ${lastFault}.`,
      }
    },
    async answer(request, { signal, onText, onAnew }) {
      const excerpts = chooseExcerpts(request, excerptLimits)
      const prompt = writePrompt(request, excerpts)
      let { cited, show } = citing(excerpts)
      let reader = createMarkerReader(show)
      let opening = createOpening()
      const tell = (text: string) => {
        const told = opening.push(text)
        if (told !== '') onText(told)
      }
      const beginAnew = () => {
        ;({ cited, show } = citing(excerpts))
        reader = createMarkerReader(show)
        opening = createOpening()
        onAnew()
      }
      try {
        const hearing = { onText: (text: string) => tell(reader.push(text)), onAnew: beginAnew }
        const { tokens, cut } = await read({ ...{ model, prompt, patience, signal }, ...hearing })
        tell(reader.end().trimEnd())
        // Nothing but markers of what isn't there, say.
        if (!opening.isOver) throw new (await faults()).BrokenOff('it said nothing')
        if (cut) onText(`\n\n(${cutShort[cut]})`)
        lastFault = null
        const citations = [...cited].map(({ segments, score }) => citationOf(segments, score))
        return { citations, usage: tokens && usageOf(tokens, options.prices) }
      } catch (fault) {
        signal.throwIfAborted()
        const { describeFault, Garbled } = await faults()
        lastFault = describeFault(fault)
        // It would say no more when it is asked again: what it said is void, and the next one answers.
        if (fault instanceof Garbled) onAnew()
        throw new AppError('answer.failed', `The language model failed: ${lastFault}. Ask again.`, { cause: fault })
      }
    },
  }
}

const cutShort: Record<Cut, string> = {
  'too long': 'The answer was too long and is cut here.',
  length: 'The answer is cut here: the model came to the end of the length that it is given.',
  filter: 'The answer is cut here: a filter of the model’s service stopped it.',
}

function usageOf({ input, output }: Tokens, prices: ModelOptions['prices']): AnswerUsage {
  const [inputPrice, outputPrice] = [prices?.input, prices?.output]
  const isPriced = inputPrice !== undefined && outputPrice !== undefined
  // To a billionth of a dollar: less is the arithmetic's own noise.
  const costUsd = isPriced ? Math.round((input * inputPrice + output * outputPrice) * 1000) / 1e9 : null
  return { inputTokens: input, outputTokens: output, costUsd }
}

/** Remembers what was cited, in the order in which it was, and shows its time instead of its number. */
function citing(excerpts: readonly Excerpt[]) {
  const cited = new Set<Excerpt>()
  return {
    cited,
    show(number: number): string | undefined {
      const excerpt = excerpts[number - 1]
      if (!excerpt) return undefined
      cited.add(excerpt)
      return timeCode(excerpt.segments[0]?.startSeconds ?? 0)
    },
  }
}
