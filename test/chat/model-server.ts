import { once } from 'node:events'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { json } from 'node:stream/consumers'

export interface ModelRequest {
  model: string
  stream: boolean
  messages: { role: string; content: string }[]
  tools?: unknown
  stream_options?: { include_usage?: boolean }
}

/**
 * What the model does after it got a question. `cut` hangs up, `stall` says no more, `stop short` ends without saying
 * that it is done. `usage` is told to those who ask for it, in a chunk of its own after the end.
 */
export type Behaviour =
  | {
      ending: 'end' | 'cut' | 'stall' | 'stop short'
      deltas: string[] | AsyncIterable<string>
      usage?: { prompt_tokens: number; completion_tokens: number }
    }
  | { status: number }
  /** As it stands on the wire: each a piece of JSON, or a line as it is. Without a type if that is null. */
  | { frames: (object | string)[]; contentType?: string | null; ending?: 'end' | 'cut' | 'stall' }

/** Speaks as much of OpenAI's chat completions as answers need, faults included. */
export async function startModelServer(behave: (request: ModelRequest) => Behaviour) {
  const requests: ModelRequest[] = []
  let hungUp = 0
  const server = createServer(async (req, res) => {
    const request = (await json(req)) as ModelRequest
    requests.push(request)
    res.once('close', () => {
      if (!res.writableFinished) hungUp++
    })
    const behaviour = behave(request)
    if ('status' in behaviour) {
      res.writeHead(behaviour.status, { 'content-type': 'application/json', 'retry-after-ms': '1' })
      res.end(JSON.stringify({ error: { message: 'secret-detail', type: 'server_error' } }))
      return
    }
    if ('frames' in behaviour) {
      const { contentType = 'text/event-stream' } = behaviour
      res.writeHead(200, contentType === null ? {} : { 'content-type': contentType })
      for (const frame of behaviour.frames)
        res.write(typeof frame === 'string' ? frame : `data: ${JSON.stringify(frame)}\n\n`)
      // So that all of it has arrived.
      if (behaviour.ending === 'cut') setTimeout(() => res.socket?.destroy(), 50)
      else if (behaviour.ending !== 'stall') res.end()
      return
    }
    await play(res, behaviour, request)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    requests,
    /** Callers that went away before the answer was complete. */
    hungUp: () => hungUp,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

/** Text that is given by hand, piece by piece. */
export function dictated() {
  const pieces: string[] = []
  let hasEnded = false
  let wake = () => {}
  async function* read(): AsyncGenerator<string> {
    for (;;) {
      const next = pieces.shift()
      if (next !== undefined) yield next
      else if (hasEnded) return
      else
        await new Promise<void>(resolve => {
          wake = resolve
        })
    }
  }
  return {
    deltas: read(),
    say(text: string) {
      pieces.push(text)
      wake()
    },
    end() {
      hasEnded = true
      wake()
    },
  }
}

async function play(
  res: ServerResponse,
  { ending, deltas, usage }: Extract<Behaviour, { ending: string }>,
  { stream_options }: ModelRequest,
): Promise<void> {
  res.writeHead(200, { 'content-type': 'text/event-stream' })
  const chunk = (delta: object, finish_reason: string | null) =>
    `data: ${JSON.stringify({ id: 'c', object: 'chat.completion.chunk', created: 0, model: 'm', choices: [{ index: 0, delta, finish_reason }] })}\n\n`
  res.write(chunk({ role: 'assistant', content: '' }, null))
  for await (const content of deltas) await new Promise(written => res.write(chunk({ content }, null), written))
  if (ending === 'cut') res.socket?.resetAndDestroy()
  if (ending === 'stop short') res.end()
  if (ending !== 'end') return
  res.write(chunk({}, 'stop'))
  if (usage && stream_options?.include_usage)
    res.write(`data: ${JSON.stringify({ id: 'c', object: 'chat.completion.chunk', choices: [], usage })}\n\n`)
  res.end('data: [DONE]\n\n')
}
