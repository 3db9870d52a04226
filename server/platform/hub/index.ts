/** The realtime door: it authenticates, parses, answers and fans out, and knows no domain. */
export type { Notify, SocketCaller, SocketHandlers } from './handlers.ts'
export { createHub, type Hub, type HubOptions } from './hub.ts'
export { openRedisAdapter, type RedisAdapter } from './redis.ts'
