import { AsyncLocalStorage } from 'node:async_hooks'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { PassThrough, type Readable, Transform } from 'node:stream'
import type { DataStore, Server } from '@tus/server'
import { NodeRequest, sendNodeResponse } from 'srvx/node'
import { moreThanAnnounced } from '../intake/index.ts'

type NodeExchange = ConstructorParameters<typeof NodeRequest>[0] & { res: ServerResponse }

/**
 * Hands the bodies of tus's requests to the store as they are. The library would pass them through web streams, which copy
 * every byte once more and cost the main thread as much as all the rest. What it passes through instead is a leash: a
 * stream without bytes that ends when the body does, breaks when it breaks, and is cut when the library wants it to stop.
 */
export function passBodies(store: DataStore) {
  const bodies = new AsyncLocalStorage<IncomingMessage>()
  const write = store.write.bind(store)
  store.write = async (leash, id, offset) => {
    const request = bodies.getStore()
    if (!request) return write(leash, id, offset)
    const { size } = await store.getUpload(id)
    const body = bodyOf(request, leash as Readable)
    return write(size === undefined ? body : body.pipe(limitTo(size - offset, body)), id, offset)
  }

  return {
    handle: (tus: Server, request: IncomingMessage, response: ServerResponse): Promise<void> =>
      bodies.run(request, async () => {
        const exchange = { req: request, res: response } as NodeExchange
        const asked = new NodeRequest(exchange)
        Object.defineProperty(asked, 'body', { get: () => leashOf(request) })
        await sendNodeResponse(exchange.res as Parameters<typeof sendNodeResponse>[0], await tus.handleWeb(asked))
      }),
  }
}

function leashOf(request: IncomingMessage): ReadableStream {
  return new ReadableStream({
    start(leash) {
      let over = false
      const end = (how: () => void) => () => {
        if (!over) how()
        over = true
      }
      const broken = end(() => leash.error(new Error('The sender is gone.')))
      request.once(
        'end',
        end(() => leash.close()),
      )
      request.once('error', broken)
      request.once('close', broken)
    },
  })
}

/** The request's bytes until the leash ends or breaks. The request itself lives on, for the answer. */
function bodyOf(request: IncomingMessage, leash: Readable): Readable {
  // Whoever writes it sees its fault through its own pipeline, which may begin only when it is broken already.
  const body = new PassThrough({ highWaterMark: 1024 * 1024 }).on('error', () => {})
  let ended = false
  leash.once('end', () => {
    ended = true
    request.unpipe(body)
    body.end()
  })
  leash.once('close', () => {
    request.unpipe(body)
    if (!ended) body.destroy(leash.errored ?? new Error('The upload was cut off.'))
  })
  leash.resume()
  return request.pipe(body)
}

/** More than was announced is refused. */
function limitTo(mostBytes: number, source: Readable): Transform {
  let sizeBytes = 0
  const limited = new Transform({
    highWaterMark: 1024 * 1024,
    transform(chunk: Buffer, _encoding, done) {
      sizeBytes += chunk.length
      if (sizeBytes > mostBytes) done(moreThanAnnounced())
      else done(null, chunk)
    },
  })
  source.once('error', fault => limited.destroy(fault))
  return limited.on('error', () => {})
}
