import { once } from 'node:events'
import { connect, createServer, type Socket } from 'node:net'

export interface Balancer extends AsyncDisposable {
  url: string
  /** Where servers are; a connection goes to any that takes it. */
  readonly targets: Set<string>
  /** Breaks each open connection with this probability. */
  cut(share: number): void
}

/** One address for several servers, as a load balancer gives. Without stickiness. */
export async function openBalancer(random: () => number): Promise<Balancer> {
  const targets = new Set<string>()
  const open = new Set<Socket>()
  const server = createServer({ pauseOnConnect: true }, async client => {
    client.on('error', () => {})
    const upstream = await reachAny(shuffled([...targets], random))
    if (!upstream) return client.destroy()
    open.add(client)
    client.on('close', () => {
      open.delete(client)
      upstream.destroy()
    })
    upstream.on('error', () => {})
    upstream.on('close', () => client.destroy())
    client.pipe(upstream).pipe(client)
    return client.resume()
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const cut = (share: number) => {
    for (const client of open) if (random() < share) client.destroy()
  }
  return {
    url: `http://127.0.0.1:${(server.address() as { port: number }).port}`,
    targets,
    cut,
    async [Symbol.asyncDispose]() {
      cut(1)
      server.close()
    },
  }
}

async function reachAny(urls: string[]): Promise<Socket | null> {
  for (const url of urls) {
    const upstream = connect(Number(new URL(url).port), '127.0.0.1')
    const isReached = await once(upstream, 'connect').then(
      () => true,
      () => false,
    )
    if (isReached) return upstream
  }
  return null
}

const shuffled = <T>(all: T[], random: () => number): T[] =>
  all
    .map(each => ({ each, place: random() }))
    .sort((a, b) => a.place - b.place)
    .map(({ each }) => each)
