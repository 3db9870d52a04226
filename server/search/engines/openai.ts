import type { OpenAI } from 'openai'
import { z } from 'zod'
import { AppError, messageOf } from '../../platform/errors.ts'
import { createRest, openOpenAi } from '../../platform/models/index.ts'
import { type Embedder, EmbedderFault, type EmbedOptions } from '../engine.ts'
import { taskPrefix } from './task-prefixes.ts'

export interface OpenAiEmbedderOptions {
  apiKey?: string | undefined
  /** Left out: OpenAI itself. */
  baseUrl?: string | undefined
  /** Left out: the service is not asked to embed. */
  model?: string | undefined
  /** For one batch, however often it is tried within that. Default 120: a local service on a slow machine takes its time. */
  timeoutSeconds?: number
  /** After a passing fault (408, 429, 5xx, no connection). Default 2. */
  retries?: number
}

/** Long enough to keep searching quick while the service is away, short enough to notice that it is back. */
const restMs = 30_000
/** As many as pgvector stores. */
const mostDimensions = 16_000

const EmbeddingAnswer = z.object({
  data: z.array(
    z.object({ index: z.number().int().min(0), embedding: z.array(z.number()).min(1).max(mostDimensions) }),
  ),
})

/** Any server that speaks OpenAI's embeddings API. */
export function createOpenAiEmbedder(options: OpenAiEmbedderOptions): Embedder {
  const { apiKey, baseUrl, model, timeoutSeconds = 120, retries = 2 } = options
  const service = baseUrl === undefined ? 'OpenAI' : new URL(baseUrl).host
  const rest = createRest(restMs)
  let client: Promise<OpenAI> | undefined

  return {
    name: 'openai',
    signature: `openai ${model}`,
    batchSize: 64,
    async check() {
      if (apiKey === undefined && baseUrl === undefined)
        return no('No compatible service is configured (OPENAI_API_KEY, OPENAI_BASE_URL).')
      if (model === undefined) return no('No model that embeds is configured (OPENAI_EMBEDDING_MODEL).')
      const reason = rest.reason()
      if (reason !== null) return { ...no(`${model} at ${service} failed a moment ago: ${reason}`), isResting: true }
      return { available: true, reason: `${model} is asked at ${service}.` }
    },
    async embed(texts, { signal, kind }) {
      if (texts.length === 0) return []
      if (model === undefined) throw new AppError('server.internal', 'No model that embeds is configured.')
      client ??= openOpenAi({ apiKey, baseUrl, retries })
      const enough = AbortSignal.timeout(timeoutSeconds * 1000)
      try {
        const asked = { model, texts, kind, signal: AbortSignal.any([signal, enough]) }
        const vectors = await ask(await client, asked)
        rest.end()
        return vectors
      } catch (given) {
        const fault = enough.aborted && !signal.aborted ? tooSlow(timeoutSeconds) : faultOf(given)
        // Who ran out of patience would do so again; who went away says nothing about the service.
        const ranOut = isTimeout(signal.reason)
        if (ranOut || !signal.aborted) rest.begin(ranOut ? signal.reason : fault)
        // The library has a fault of its own for what was aborted.
        signal.throwIfAborted()
        throw fault
      }
    },
  }
}

const tooSlow = (seconds: number) =>
  new EmbedderFault(`no answer within ${seconds} s`, { mayPass: true, fewerMayHelp: true })

/** RFC 9110, 15.5: the request is at fault. Some of these services say so of more texts than they take at once. */
const tooMuch: ReadonlySet<number> = new Set([400, 413, 422])
const passing: ReadonlySet<number> = new Set([408, 409, 425, 429])

/** The library's faults have a `status` when there was an answer, and none when the connection broke. */
function faultOf(cause: unknown): EmbedderFault {
  if (cause instanceof EmbedderFault) return cause
  const status = (cause as { status?: unknown }).status
  const mayPass = typeof status !== 'number' || status >= 500 || passing.has(status)
  const fewerMayHelp = typeof status !== 'number' || status >= 500 || tooMuch.has(status)
  return new EmbedderFault(messageOf(cause), { mayPass, fewerMayHelp, cause })
}

const isTimeout = (reason: unknown) => reason instanceof DOMException && reason.name === 'TimeoutError'
const no = (reason: string) => ({ available: false, reason })

type Asked = EmbedOptions & { model: string; texts: readonly string[] }

async function ask(client: OpenAI, { model, texts, signal, kind }: Asked): Promise<Float32Array[]> {
  const prefix = taskPrefix(model, kind)
  // Left to itself the library asks for base64, which not every compatible server speaks.
  const request = { model, input: texts.map(text => prefix + text), encoding_format: 'float' as const }
  const answer = EmbeddingAnswer.safeParse(await client.embeddings.create(request, { signal }))
  if (!answer.success) throw strange('something that is no list of vectors', answer.error)
  const vectors = answer.data.data.toSorted((a, b) => a.index - b.index)
  if (vectors.length !== texts.length || vectors.some(({ index }, at) => index !== at))
    throw strange(`${vectors.length} vectors for ${texts.length} texts`)
  if (new Set(vectors.map(({ embedding }) => embedding.length)).size > 1) throw strange('vectors of several lengths')
  return vectors.map(({ embedding }) => normalised(embedding))
}

const strange = (what: string, cause?: unknown) =>
  new EmbedderFault(`The service answered ${what}.`, { mayPass: true, fewerMayHelp: true, cause })

function normalised(vector: readonly number[]): Float32Array {
  const length = Math.hypot(...vector)
  return Float32Array.from(vector, value => (length === 0 ? 0 : value / length))
}
