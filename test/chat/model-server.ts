import { once } from 'node:events'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { json } from 'node:stream/consumers'

export interface ModelRequest {
  model: string
  stream: boolean
  messages: { role: string; content: string }[]
  tools?: unknown
}

/** What the model does after it got a question. `cut` hangs up, `stall` says no more, `stop short` ends without saying that it is done. */
export type Behaviour = { ending: 'end' | 'cut' | 'stall' | 'stop short'; deltas: string[] } | { status: number }

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
    await play(res, behaviour)
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

async function play(res: ServerResponse, { ending, deltas }: Extract<Behaviour, { ending: string }>): Promise<void> {
  res.writeHead(200, { 'content-type': 'text/event-stream' })
  const chunk = (delta: object, finish_reason: string | null) =>
    `data: ${JSON.stringify({ id: 'c', object: 'chat.completion.chunk', created: 0, model: 'm', choices: [{ index: 0, delta, finish_reason }] })}\n\n`
  res.write(chunk({ role: 'assistant', content: '' }, null))
  for (const content of deltas) await new Promise(written => res.write(chunk({ content }, null), written))
  if (ending === 'cut') res.socket?.resetAndDestroy()
  if (ending === 'stop short') res.end('data: [DONE]\n\n')
  if (ending === 'end') res.end(`${chunk({}, 'stop')}data: [DONE]\n\n`)
}
