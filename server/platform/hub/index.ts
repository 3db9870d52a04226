/** The realtime door: it authenticates, parses, answers and fans out, and knows no domain. */
export { type Bus, createLoneBus } from './bus.ts'
export type { Notify, OnLeft, SocketCaller, SocketHandlers } from './handlers.ts'
export { createHub, type Hub, type HubOptions } from './hub.ts'
export { memberIdOf, type Person, personOf } from './people.ts'
export { openRedisAdapter, type RedisAdapter } from './redis.ts'
