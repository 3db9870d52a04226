import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Busboy } from '@fastify/busboy'

/** What a stand-in saw of an upload. */
export interface SeenUpload {
  /** Names of the fields in the order of their coming. */
  order: string[]
  title?: string
  captions?: string
  filename?: string
  sizeBytes: number
  checksum: string
  contentLength?: string | undefined
  authorization?: string | undefined
}

type Handle = (request: IncomingMessage, response: ServerResponse) => void

/** A tiny HTTP server; `await using` ends it. */
export async function listenWith(handle: Handle): Promise<{ url: string } & AsyncDisposable> {
  const server = createServer((request, response) => {
    // As an older server: it signs no addresses.
    if (request.url === '/api/media-token') answerJson(response, 404, {})
    else handle(request, response)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

/** Reads a form to its end without keeping the film. */
export async function readUpload(request: IncomingMessage): Promise<SeenUpload> {
  const seen: SeenUpload = { order: [], sizeBytes: 0, checksum: '' }
  seen.contentLength = request.headers['content-length']
  seen.authorization = request.headers.authorization
  const hash = createHash('sha256')
  const form = new Busboy({ headers: { ...request.headers, 'content-type': request.headers['content-type'] ?? '' } })
  form.on('field', (name, value) => {
    seen.order.push(name)
    if (name === 'title') seen.title = value
  })
  form.on('file', (name, stream, filename) => {
    seen.order.push(name)
    if (name === 'file') seen.filename = filename
    stream.on('data', (chunk: Buffer) => {
      if (name === 'captions') seen.captions = (seen.captions ?? '') + chunk
      else {
        seen.sizeBytes += chunk.length
        hash.update(chunk)
      }
    })
  })
  request.pipe(form)
  await once(form, 'finish')
  seen.checksum = hash.digest('hex')
  return seen
}

export function answerJson(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
}
