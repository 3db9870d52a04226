export interface RedisLine {
  /** To everyone who listens on the channel, this line too. Lost while the line isn't open yet, or not any more. */
  say(text: string): void
  /** Resolves when all that was said before has left. */
  flushed(): Promise<void>
  close(): void
}

export interface RedisLineOptions {
  channel: string
  hear(text: string): void
  /** It speaks, and has asked to be told what is said. */
  onOpen(): void
  /** Once, also when it never opened. It is closed then. */
  onBroken(reason: unknown): void
}

/**
 * Clients that are not connected yet, for lines. A copy costs next to nothing, and a client made from options a fifth of
 * a second of the processor, for it writes into them and finds its own class no more.
 */
export async function redisClients(url: string) {
  // With its modules it is a quarter of all that the server loads, and most have no Redis.
  const { createClient } = await import('redis')
  const first = createClient({
    url,
    socket: { reconnectStrategy: false },
    disableOfflineQueue: true,
    maintNotifications: 'disabled',
    // A timer for each letter costs more than the letter; a line that falls silent is closed as a whole.
    commandOptions: { timeout: 0 },
  })
  return () => first.duplicate()
}

/**
 * Two connections to Redis, one to speak and one to hear. They don't come back when they break: a client that
 * reconnects may find itself connected and unsubscribed (node-redis issue 2823), or wait for ever for a greeting that a
 * frozen Redis never sends. Whoever wants to go on opens another line.
 */
export function openRedisLine(
  newClient: Awaited<ReturnType<typeof redisClients>>,
  { channel, hear, onOpen, onBroken }: RedisLineOptions,
): RedisLine {
  const speaking = newClient()
  const hearing = newClient()
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
