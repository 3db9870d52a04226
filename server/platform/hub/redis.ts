import { createAdapter } from '@socket.io/redis-streams-adapter'
import { createClient } from 'redis'
import { messageOf } from '../errors.ts'
import type { Log } from '../log.ts'

/** What several servers share their rooms through: a stream in Redis, which is taken up again after a broken connection. */
export async function openRedisAdapter(url: string, log: Log) {
  const client = createClient({ url })
  client.on('error', fault => log.warn({ reason: messageOf(fault) }, 'redis'))
  await client.connect()
  return {
    adapter: createAdapter(client, { streamName: 'rushes', channelPrefix: 'rushes', onlyPlaintext: true }),
    ping: async () => `answers ${await client.ping()}`,
    async stop() {
      client.destroy()
    },
  }
}
export type RedisAdapter = Awaited<ReturnType<typeof openRedisAdapter>>
