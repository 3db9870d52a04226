import { createClient } from 'redis'
import { messageOf } from '../errors.ts'
import type { Log } from '../log.ts'
import type { Bus } from './bus.ts'

export interface RedisBus extends Bus {
  ping(): Promise<string>
  stop(): Promise<void>
}

const channel = 'rushes:bus'
/** A server starts without Redis after so long: its rooms then learn of the others from the log alone. */
const startMs = 3_000
const longestPauseMs = 2_000

interface Letter {
  from: string
  messages: [kind: string, payload: object][]
}

/**
 * A channel in Redis. Nothing waits while Redis is away: what is told then is lost at once instead of coming late,
 * which the bus allows. What is told in one turn of the event loop goes in one letter.
 */
export async function openRedisBus(url: string, { serverId, log }: { serverId: string; log: Log }): Promise<RedisBus> {
  const socket = { reconnectStrategy: (retries: number) => Math.min(50 * 2 ** retries, longestPauseMs) }
  const speaking = createClient({ url, socket, disableOfflineQueue: true })
  const hearing = createClient({ url, socket })
  const listeners = new Map<string, Set<(payload: never, from: string) => void>>()
  let waiting: Letter['messages'] = []
  const fault = sayOnce(log)
  speaking.on('error', fault.said)
  hearing.on('error', fault.said)
  speaking.on('ready', fault.over)

  const send = () => {
    const messages = waiting
    waiting = []
    if (speaking.isReady) speaking.publish(channel, JSON.stringify({ from: serverId, messages })).catch(fault.said)
  }
  const hear = (text: string) => {
    const { from, messages } = JSON.parse(text) as Letter
    if (from === serverId) return
    for (const [kind, payload] of messages)
      for (const listener of listeners.get(kind) ?? []) listener(payload as never, from)
  }

  const ready = Promise.all([speaking.connect(), hearing.connect().then(() => hearing.subscribe(channel, hear))])
  ready.catch(fault.said)
  await Promise.race([ready, new Promise(done => setTimeout(done, startMs))]).catch(fault.said)
  return {
    serverId,
    isShared: true,
    publish(kind, payload) {
      if (waiting.length === 0) setImmediate(send)
      waiting.push([kind, payload])
    },
    on(kind, listener) {
      const ofKind = listeners.get(kind) ?? new Set()
      listeners.set(kind, ofKind.add(listener))
      return () => void ofKind.delete(listener)
    },
    ping: async () => `answers ${await speaking.ping()}`,
    async stop() {
      if (waiting.length > 0) send()
      // The goodbyes of this server are out before it hangs up.
      if (speaking.isReady) await speaking.ping().catch(() => {})
      speaking.destroy()
      hearing.destroy()
    },
  }
}

/** A Redis that stays away is one line in the log, not one a second. */
function sayOnce(log: Log) {
  let isAway = false
  return {
    said(reason: unknown) {
      if (!isAway) log.warn({ reason: messageOf(reason) }, 'Redis is away: rooms follow other servers by the log')
      isAway = true
    },
    over() {
      if (isAway) log.info('Redis is back')
      isAway = false
    },
  }
}
