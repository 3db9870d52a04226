import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { plainWords } from '../../server/search/plain-text.ts'

export interface EmbeddingRequest {
  model: string
  input: string[]
  encoding_format: string
}
export type Answer = (response: ServerResponse, request: EmbeddingRequest) => void

/** A local server that speaks OpenAI's embeddings API, as far as the test tells it to. */
export interface EmbeddingService extends AsyncDisposable {
  baseUrl: string
  requests: EmbeddingRequest[]
}

/** The n-th request gets the n-th answer, those after it the last. */
export async function startEmbeddingService(...answers: Answer[]): Promise<EmbeddingService> {
  const requests: EmbeddingRequest[] = []
  const server = createServer(async (request, response) => {
    const answer = answers[Math.min(requests.length, answers.length - 1)] ?? meanings()
    const asked: EmbeddingRequest = JSON.parse(await text(request))
    requests.push(asked)
    answer(response, asked)
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  return {
    baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    requests,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise(resolve => server.close(resolve))
    },
  }
}

export const json = (response: ServerResponse, body: unknown): void => {
  response.setHeader('Content-Type', 'application/json').end(JSON.stringify(body))
}

/** What goes wrong with such servers. */
export const faults: Record<string, Answer> = {
  'answers 500': response => response.writeHead(500).end('{"error":{"message":"out of memory"}}'),
  'answers 404': response => response.writeHead(404).end('no such route'),
  'never answers': () => {},
  'breaks off': response => response.destroy(),
  'answers malformed JSON': response => response.setHeader('Content-Type', 'application/json').end('{"data": ['),
  'answers a page instead of JSON': response => response.setHeader('Content-Type', 'text/html').end('<h1>Hello</h1>'),
  'answers JSON of another kind': response => json(response, { data: [{ embedding: 'AACAPw==', index: 0 }] }),
  'gives too few vectors': response => json(response, { data: [{ embedding: [1, 0], index: 0 }] }),
  'gives vectors of several lengths': (response, { input }) =>
    json(response, { data: input.map((_, index) => ({ index, embedding: Array(index + 1).fill(1) })) }),
  'gives one vector twice': (response, { input }) =>
    json(response, { data: input.map(() => ({ index: 0, embedding: [1, 0] })) }),
}

/** Understands words, and that some of them mean the same: texts are alike as far as they share meanings. */
export const meanings =
  (same: Record<string, string> = {}, dimension = 256): Answer =>
  (response, { input }) => {
    const data = input.map((said, index) => ({ index, embedding: vectorOf(said, same, dimension) }))
    // Nothing says that a server keeps to the order.
    json(response, { data: data.toReversed() })
  }

function vectorOf(said: string, same: Record<string, string>, dimension: number): number[] {
  const vector: number[] = Array(dimension).fill(0)
  for (const word of plainWords(said).filter(each => each.length > 3)) {
    const place =
      createHash('sha256')
        .update(same[word] ?? word)
        .digest()
        .readUInt32BE() % dimension
    vector[place] = (vector[place] ?? 0) + 1
  }
  return vector
}
