/** The realtime doors (Socket.IO, plain WebSocket): they authenticate, parse, answer and fan out, and know no domain. */
export type { Tell } from './audience.ts'
export { type Bus, createLoneBus } from './bus.ts'
export type { Notify, OnLeft, SocketCaller, SocketHandlers } from './handlers.ts'
export { createHub, type Hub, type HubOptions } from './hub.ts'
export { memberIdOf, type Person, personOf } from './people.ts'
export type { PlainDoorPurpose } from './plain-door.ts'
export { openRedisBus, type RedisBus } from './redis-bus.ts'
export type { NotifyAll, SharedNoticePayloads } from './shared-notices.ts'
