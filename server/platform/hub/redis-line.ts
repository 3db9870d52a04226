import { createClient } from 'redis'

export interface RedisLine {
  /** To everyone who listens on the channel, this line too. Lost while the line isn't open yet, or not any more. */
  say(text: string): void
  /** Resolves when all that was said before has left. */
  flushed(): Promise<void>
  close(): void
}

export interface RedisLineOptions {
  url: string
  channel: string
  hear(text: string): void
  /** It speaks, and has asked to be told what is said. */
  onOpen(): void
  /** Once, also when it never opened. It is closed then. */
  onBroken(reason: unknown): void
}

/**
 * Two connections to Redis, one to speak and one to hear. They don't come back when they break: a client that
 * reconnects may find itself connected and unsubscribed (node-redis issue 2823), or wait for ever for a greeting that a
 * frozen Redis never sends. Whoever wants to go on opens another line.
 */
export function openRedisLine({ url, channel, hear, onOpen, onBroken }: RedisLineOptions): RedisLine {
  const options = {
    url,
    socket: { reconnectStrategy: false },
    disableOfflineQueue: true,
    maintNotifications: 'disabled',
    // A timer for each letter costs more than the letter; a line that falls silent is closed as a whole.
    commandOptions: { timeout: 0 },
  } as const
  const speaking = createClient(options)
  const hearing = createClient(options)
  let isOpen = false
  let isClosed = false

  const close = () => {
    isClosed = true
    isOpen = false
    speaking.destroy()
    hearing.destroy()
  }
  const broken = (reason: unknown) => {
    // Each client tells of the same end several times.
    if (isClosed) return
    close()
    onBroken(reason)
  }
  const open = async () => {
    await Promise.all([speaking.connect(), hearing.connect()])
    await hearing.subscribe(channel, hear)
    if (isClosed) return
    isOpen = true
    onOpen()
  }
  speaking.on('error', broken)
  hearing.on('error', broken)
  open().catch(broken)

  return {
    say(text) {
      if (isOpen) speaking.publish(channel, text).catch(broken)
    },
    async flushed() {
      if (isOpen) await speaking.ping().then(() => {}, broken)
    },
    close,
  }
}
