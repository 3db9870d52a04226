import { setTimeout as delay } from 'node:timers/promises'
import { messageOf } from '../errors.ts'
import type { Log } from '../log.ts'
import type { Bus } from './bus.ts'
import { createBusListeners, type Letter, readLetter } from './bus-letters.ts'
import { openRedisLine, type RedisLine, redisClients } from './redis-line.ts'

export interface RedisBus extends Bus {
  ping(): Promise<string>
  stop(): Promise<void>
}

export interface RedisBusOptions {
  serverId: string
  log: Log
  beatMs?: number
}

const channel = 'rushes:bus'
/** A server starts without Redis after so long: its people then learn of the others from the log alone. */
const startMs = 3_000
/** So often a server says something and listens whether it hears itself. */
const usualBeatMs = 1_000
/** After so many that did not come back it doesn't hear. Counted, not timed: a process that was held up has not been deaf. */
const mostUnheard = 3
/** So many more are waited for while a line is being opened. */
const moreWhileOpening = 5
const longestPauseMs = 1_000
const goodbyeMs = 500

/**
 * A channel in Redis. Nothing waits while Redis is away: what is told then is lost at once instead of coming late,
 * which the bus allows. What is told in one turn of the event loop goes in one letter. That a connection is open, and
 * was once subscribed, is no proof that it hears: what this server itself says must come back to it, or it opens
 * another line.
 */
export async function openRedisBus(url: string, options: RedisBusOptions): Promise<RedisBus> {
  const { serverId, log, beatMs = usualBeatMs } = options
  const listeners = createBusListeners(log)
  const { promise: heardFirst, resolve: heardOnce } = Promise.withResolvers<void>()
  const state = createState(log)
  let waiting: Letter['messages'] = []

  const say = (messages: Letter['messages']) => line.say(JSON.stringify({ from: serverId, messages }))
  const hear = (text: string) => {
    const letter = readLetter(text)
    if (letter?.from !== serverId) return letter ? listeners.tell(letter) : undefined
    state.heard()
    heardOnce()
  }
  const newClient = await redisClients(url)
  const open = (): RedisLine => openRedisLine(newClient, { channel, hear, onOpen: () => say([]), onBroken })
  let reopening: NodeJS.Timeout | undefined
  function onBroken(reason: unknown) {
    reopening = setTimeout(() => {
      line = open()
    }, state.broken(reason))
  }
  let line = open()
  const beat = setInterval(() => {
    if (state.isDeaf()) {
      line.close()
      clearTimeout(reopening)
      onBroken(new Error('it does not answer'))
    } else say([])
  }, beatMs)
  beat.unref()
  await Promise.race([heardFirst, delay(startMs, undefined, { ref: false })])

  const send = () => {
    const messages = waiting
    waiting = []
    say(messages)
  }
  return {
    serverId,
    isShared: true,
    publish(kind, payload) {
      if (waiting.length === 0) setImmediate(send)
      waiting.push([kind, payload])
    },
    on: listeners.on,
    async ping() {
      if (!state.isHeard()) throw new Error('Redis is away: other servers are followed by the log')
      return 'answers, and what is said there is heard'
    },
    async stop() {
      clearInterval(beat)
      if (waiting.length > 0) send()
      // The goodbyes of this server are out before it hangs up.
      await Promise.race([line.flushed(), delay(goodbyeMs, undefined, { ref: false })])
      clearTimeout(reopening)
      line.close()
    },
  }
}

/** Whether this server hears, and how long it waits before it tries again. */
function createState(log: Log) {
  let unheard = -moreWhileOpening
  let isHeard = false
  let isAway = false
  let breaks = 0
  return {
    heard() {
      if (isAway) log.info('Redis is back')
      unheard = breaks = 0
      isHeard = true
      isAway = false
    },
    /** Answers how many milliseconds to wait. Servers that lost the same Redis don't come back at once. */
    broken(reason: unknown): number {
      // A Redis that stays away is one line in the log, not one a second.
      if (!isAway) log.warn({ reason: messageOf(reason) }, 'Redis is away: other servers are followed by the log')
      isAway = true
      isHeard = false
      unheard = -moreWhileOpening
      return Math.min(longestPauseMs, 50 * 2 ** breaks++) * (0.5 + Math.random() / 2)
    },
    /** Asked with each beat. */
    isDeaf: () => ++unheard > mostUnheard,
    isHeard: () => isHeard,
  }
}
