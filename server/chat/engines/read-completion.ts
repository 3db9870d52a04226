import { APIError, type OpenAI } from 'openai'
import { readChunk, type Tokens } from './completion-chunk.ts'
import { readPieces } from './completion-stream.ts'
import { createLengthLimit } from './length-limit.ts'
import { BrokenOff } from './model-fault.ts'
import { createSilenceTimer, type Patience } from './patience.ts'
import type { Prompt } from './prompt.ts'
import { createThoughts } from './thoughts.ts'

export interface Completion {
  model: string
  prompt: Prompt
  patience: Patience
  signal: AbortSignal
  onText: (text: string) => void
  /** What was given so far is void: the text begins anew. */
  onAnew: () => void
  /** Ask for the number of tokens. Not every compatible server knows that option; some refuse it. */
  asksUsage: boolean
}

/** Why an answer is not as long as it would be: our limit, the model's own, or the filter of whoever runs it. */
export type Cut = 'too long' | 'length' | 'filter'
export interface Completed {
  tokens: Tokens | null
  cut: Cut | null
}

/** A model that repeats itself for ever is cut here; no parameter limits the length on every compatible server. */
export const longestAnswer = 8_000

/** Streams one completion. Throws when it fails, is silent for too long, says nothing or ends in the middle. */
export async function readCompletion(client: OpenAI, asked: Completion): Promise<Completed> {
  const silence = createSilenceTimer(asked.patience)
  const enough = new AbortController()
  try {
    const signal = AbortSignal.any([asked.signal, silence.signal, enough.signal])
    return await readResponse(await request(client, asked, signal), asked, silence)
  } catch (fault) {
    silence.signal.throwIfAborted()
    throw fault
  } finally {
    silence.stop()
    // What nobody reads any more is hung up on.
    enough.abort()
  }
}

const request = (
  client: OpenAI,
  { model, prompt: { system, user }, asksUsage }: Completion,
  signal: AbortSignal,
): Promise<Response> =>
  client.chat.completions
    .create(
      {
        ...{ model, stream: true },
        ...(asksUsage && { stream_options: { include_usage: true } }),
        messages: [
          { role: 'system', content: system },
          { role: 'user', content: user },
        ],
      },
      { signal },
    )
    .asResponse()

async function readResponse(
  response: Response,
  { signal, onText, onAnew }: Completion,
  silence: Pick<ReturnType<typeof createSilenceTimer>, 'heard'>,
): Promise<Completed> {
  const text = createShownText({ onText, onAnew })
  let finish: string | null = null
  let isDone = false
  let tokens: Tokens | null = null
  for await (const piece of readPieces(response)) {
    if (piece === 'done') {
      isDone = true
      break
    }
    const chunk = readChunk(piece.json)
    silence.heard(chunk.isAlive)
    // The last chunk has it; servers that count as they go say it with every one.
    tokens = chunk.tokens ?? tokens
    finish = chunk.finish ?? finish
    text.push(chunk.text)
    if (text.isFull) return { tokens, cut: 'too long' }
  }
  signal.throwIfAborted()
  if (finish === null && !isDone) throw new BrokenOff('it ended in the middle')
  text.end()
  if (text.isEmpty) throw new BrokenOff('it said nothing')
  return { tokens, cut: finish === 'length' ? 'length' : finish === 'content_filter' ? 'filter' : null }
}

/** Without what the model only thought, from its first visible character on, and no longer than an answer may be. */
function createShownText({ onText, onAnew }: Pick<Completion, 'onText' | 'onAnew'>) {
  const thoughts = createThoughts()
  let limit = createLengthLimit(longestAnswer)
  let isEmpty = true
  let given = 0
  const give = (text: string) => {
    given += text.length
    if (text !== '') onText(text)
  }
  const show = (text: string) => {
    const visible = isEmpty ? text.trimStart() : text
    isEmpty &&= visible === ''
    give(limit.push(visible))
  }
  return {
    get isEmpty() {
      return isEmpty
    },
    get isFull() {
      return limit.isFull
    },
    push(piece: string) {
      const { text, isAnew } = thoughts.push(piece)
      if (isAnew) {
        if (given > 0) onAnew()
        limit = createLengthLimit(longestAnswer)
        isEmpty = true
        given = 0
      }
      show(text)
    },
    end() {
      show(thoughts.end())
      give(limit.end())
    },
  }
}

/** Whether a server refused to be asked at all, as one does that does not know an option. */
export const isRefusal = (fault: unknown): boolean =>
  fault instanceof APIError && (fault.status === 400 || fault.status === 422)
