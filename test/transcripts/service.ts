import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'

/** A local server that speaks OpenAI's audio API, as far as the test tells it to. */
export interface SpeechService extends AsyncDisposable {
  baseUrl: string
  /** Bodies that came in, one a request. */
  bodies: string[]
}

export type Answer = (response: ServerResponse, request: IncomingMessage) => void

/** The n-th request gets the n-th answer, those after it the last. */
export async function startSpeechService(...answers: Answer[]): Promise<SpeechService> {
  const bodies: string[] = []
  const server = createServer(async (request, response) => {
    const answer = answers[Math.min(bodies.length, answers.length - 1)]
    request.setEncoding('latin1')
    bodies.push(await text(request))
    answer?.(response, request)
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  return {
    baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    bodies,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise(resolve => server.close(resolve))
    },
  }
}

export const json =
  (body: unknown): Answer =>
  response =>
    response.setHeader('Content-Type', 'application/json').end(JSON.stringify(body))

/** What goes wrong with such servers. */
export const faults: Record<string, Answer> = {
  'answers 500': response =>
    response.writeHead(500, { 'Content-Type': 'application/json' }).end('{"error":{"message":"out of memory"}}'),
  'complains in words that can not be stored': response =>
    response
      .writeHead(400, { 'Content-Type': 'application/json' })
      .end('{"error":{"message":"a NUL \\u0000 and half a pair \\ud800"}}'),
  'answers 404': response => response.writeHead(404).end('no such route'),
  'never answers': () => {},
  'breaks off': response => response.destroy(),
  'answers malformed JSON': response => response.setHeader('Content-Type', 'application/json').end('{"text": "We'),
  'answers a page instead of JSON': response => response.setHeader('Content-Type', 'text/html').end('<h1>Hello</h1>'),
  'answers JSON of another kind': json({ choices: [], text: 7 }),
}
