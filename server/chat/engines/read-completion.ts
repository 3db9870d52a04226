import { APIError, type OpenAI } from 'openai'
import { BrokenOff } from './model-fault.ts'
import type { Prompt } from './prompt.ts'

/** How long a model may be silent, in milliseconds. */
export interface Patience {
  /** Until it begins: a local one may have to load, and reads the prompt first. */
  firstMs: number
  betweenMs: number
  wholeMs: number
}

export interface Completion {
  model: string
  prompt: Prompt
  patience: Patience
  signal: AbortSignal
  onText: (text: string) => void
  /** Ask for the number of tokens. Not every compatible server knows that option; some refuse it. */
  asksUsage: boolean
}

/** As the model's server counted them. */
export interface Tokens {
  input: number
  output: number
}

/** A model that repeats itself for ever is cut here; no parameter limits the length on every compatible server. */
const longestAnswer = 8_000

/**
 * Streams one completion; null when nobody counted its tokens. Throws when it fails, is silent for too long, says
 * nothing or ends in the middle.
 */
export async function readCompletion(
  client: OpenAI,
  { model, prompt, patience, signal, onText, asksUsage }: Completion,
): Promise<Tokens | null> {
  const silence = createSilenceTimer(patience)
  const { system, user } = prompt
  try {
    const stream = await client.chat.completions.create(
      {
        model,
        stream: true,
        ...(asksUsage && { stream_options: { include_usage: true } }),
        messages: [
          { role: 'system', content: system },
          { role: 'user', content: user },
        ],
      },
      { signal: AbortSignal.any([signal, silence.signal]) },
    )
    let length = 0
    let isComplete = false
    let tokens: Tokens | null = null
    for await (const chunk of stream) {
      silence.restart()
      // The last chunk has it; servers that count as they go say it with every one.
      tokens = tokensOf(chunk) ?? tokens
      const choice = chunk.choices?.[0]
      const delta = choice?.delta?.content ?? ''
      const text = length === 0 ? delta.trimStart() : delta
      length += text.length
      if (text !== '') onText(text)
      if (choice?.finish_reason) isComplete = true
      if (length > longestAnswer) throw new BrokenOff('it would not stop')
    }
    // The client ends an aborted stream like a complete one.
    silence.signal.throwIfAborted()
    signal.throwIfAborted()
    if (!isComplete) throw new BrokenOff('it ended in the middle')
    if (length === 0) throw new BrokenOff('it said nothing')
    return tokens
  } catch (fault) {
    silence.signal.throwIfAborted()
    throw fault
  } finally {
    silence.stop()
  }
}

/** Whether a server refused to be asked at all, as one does that does not know an option. */
export const isRefusal = (fault: unknown): boolean =>
  fault instanceof APIError && (fault.status === 400 || fault.status === 422)

function tokensOf({ usage }: OpenAI.ChatCompletionChunk): Tokens | null {
  const [input, output] = [usage?.prompt_tokens, usage?.completion_tokens]
  const isCount = (count: unknown): count is number => Number.isSafeInteger(count) && (count as number) >= 0
  return isCount(input) && isCount(output) ? { input, output } : null
}

function createSilenceTimer({ firstMs, betweenMs, wholeMs }: Patience) {
  const controller = new AbortController()
  const giveUpAfter = (ms: number) =>
    setTimeout(() => controller.abort(new BrokenOff(`it was silent for ${ms / 1000} s`)), ms)
  const whole = setTimeout(() => controller.abort(new BrokenOff(`it took more than ${wholeMs / 1000} s`)), wholeMs)
  let timer = giveUpAfter(firstMs)
  return {
    signal: controller.signal,
    restart() {
      clearTimeout(timer)
      timer = giveUpAfter(betweenMs)
    },
    stop() {
      clearTimeout(timer)
      clearTimeout(whole)
    },
  }
}
