import { once } from 'node:events'
import { connect, createServer, type Socket } from 'node:net'

export interface Proxy extends AsyncDisposable {
  url: string
  /** Bytes that came from clients and were passed on, in all. */
  passedBytes(): number
  /** How many connections of clients are open. */
  connections(): number
  /** Of each connection no more than these bytes of its client are passed on, until `release`. */
  hold(bytes: number): void
  release(): void
  /** Breaks every connection, and each new one, until `mend`. */
  cut(): void
  mend(): void
}

/** A way to a server that can be narrowed and cut. */
export async function openProxy(target: string): Promise<Proxy> {
  const { port } = new URL(target)
  const clients = new Set<Socket>()
  const held = new Set<Socket>()
  let limit = Number.POSITIVE_INFINITY
  let isCut = false
  let passed = 0

  const server = createServer(client => {
    if (isCut) return client.destroy()
    const upstream = connect(Number(port), '127.0.0.1')
    let bytes = 0
    clients.add(client)
    client.on('data', chunk => {
      bytes += chunk.length
      passed += chunk.length
      upstream.write(chunk)
      if (bytes < limit) return
      client.pause()
      held.add(client)
    })
    client.on('close', () => {
      clients.delete(client)
      upstream.destroy()
    })
    client.on('error', () => {})
    upstream.on('error', () => client.destroy())
    upstream.pipe(client)
    return client
  })
  const breakAll = () => {
    for (const client of clients) client.destroy()
  }
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as { port: number }).port}`,
    passedBytes: () => passed,
    connections: () => clients.size,
    hold(bytes) {
      limit = bytes
    },
    release() {
      limit = Number.POSITIVE_INFINITY
      for (const client of held) client.resume()
      held.clear()
    },
    cut() {
      isCut = true
      breakAll()
    },
    mend() {
      isCut = false
    },
    async [Symbol.asyncDispose]() {
      breakAll()
      server.close()
    },
  }
}
