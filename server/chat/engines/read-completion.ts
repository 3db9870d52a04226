import { setTimeout as wait } from 'node:timers/promises'
import { APIError, type OpenAI } from 'openai'
import { type Chunk, type Cut, endingOf, readChunk, type Tokens } from './completion-chunk.ts'
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

export interface Completed {
  tokens: Tokens | null
  cut: Cut | null
}

/** A model that repeats itself for ever is cut here; no parameter limits the length on every compatible server. */
export const longestAnswer = 8_000
/** For its count, after the model said that it ended. */
const afterEndMs = 2_000

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
  let hasDelta = false
  let tokens: Tokens | null = null
  let lastMs: number | null = null
  for await (const chunk of readOn(readChunks(response), () => lastMs)) {
    signal.throwIfAborted()
    if (chunk === 'done') {
      isDone = true
      break
    }
    silence.heard(chunk.isAlive)
    // The last chunk has it; servers that count as they go say it with every one.
    tokens = chunk.tokens ?? tokens
    finish = chunk.finish ?? finish
    hasDelta ||= chunk.text !== ''
    // The last chunk of some repeats the whole.
    const said = chunk.text || (hasDelta ? '' : chunk.whole)
    text.push(said)
    if (text.isFull) return { tokens, cut: 'too long' }
    if (finish !== null && (lastMs === null || said !== '')) lastMs = performance.now() + afterEndMs
  }
  signal.throwIfAborted()
  if (finish === null && !isDone) throw new BrokenOff('it ended in the middle')
  const ending = endingOf(finish)
  if (ending === 'broken') throw new BrokenOff('its server broke it off')
  text.end(ending !== null)
  if (text.isEmpty) throw new BrokenOff('it said nothing')
  return { tokens, cut: ending }
}

async function* readChunks(response: Response): AsyncGenerator<Chunk | 'done'> {
  for await (const piece of readPieces(response)) yield piece === 'done' ? piece : readChunk(piece.json)
}

/**
 * The chunks; from when `untilMs` says so, only until then. What breaks after a model said that it ended takes nothing
 * of what it said.
 */
async function* readOn<T>(chunks: AsyncGenerator<T>, untilMs: () => number | null): AsyncGenerator<T> {
  for (;;) {
    const until = untilMs()
    const next = chunks.next()
    const late = until === null ? [] : [wait(Math.max(0, until - performance.now()), null, { ref: false })]
    const read = await Promise.race([until === null ? next : next.catch(() => null), ...late])
    if (read === null || read.done) return
    yield read.value
  }
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
    end(isCut: boolean) {
      show(thoughts.end(isCut))
      give(limit.end())
    },
  }
}

/** Whether a server refused to be asked at all, as one does that does not know an option. */
export const isRefusal = (fault: unknown): boolean =>
  fault instanceof APIError && (fault.status === 400 || fault.status === 422)
