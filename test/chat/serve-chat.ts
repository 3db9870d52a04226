import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Chat } from '../../server/chat/index.ts'
import { localCaller } from '../../server/platform/caller.ts'
import { createKoa, type HttpHandlers, mountRoutes } from '../../server/platform/http/index.ts'
import { createLog } from '../../server/platform/log.ts'
import { createRegistry, platformMetrics } from '../../server/platform/metrics.ts'
import { lastingPermit } from '../../server/platform/permit.ts'

/** The chat's routes behind the real HTTP door; no other domain is there. */
export async function serveChat({ routes }: Pick<Chat, 'routes'>) {
  const koa = createKoa({
    log: createLog({ level: 'silent', pretty: false }),
    metrics: platformMetrics(createRegistry()),
  })
  mountRoutes(koa, { handlers: routes as HttpHandlers, authenticate: async () => localCaller(lastingPermit) })
  const server = createServer(koa.callback())
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
