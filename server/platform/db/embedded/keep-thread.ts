import { setTimeout as wait } from 'node:timers/promises'
import { messageOf, StartError } from '../../errors.ts'
import type { Log } from '../../log.ts'
import type { Thread } from './thread.ts'

export interface KeptThread {
  /** The one that runs now. */
  current(): Thread
  /** Called each time that it was started again. */
  onRestarted(listener: () => void): void
  /** Resolves when it ended and does not start again. */
  lost: Promise<StartError>
  stop(): Promise<void>
}

/** Before each further try to start it. */
const pausesMs = [0, 300, 1000, 3000, 5000]
/** One that ran for so long begins with all tries again. */
const steadyMs = 60_000

/** Starts the thread again when it ends: it finds its way from what it left, as after a killed process. */
export async function keepThread(start: () => Promise<Thread>, log: Log): Promise<KeptThread> {
  let thread = await start()
  let tries = 0
  const listeners: (() => void)[] = []
  const stopping = new AbortController()
  const lost = Promise.withResolvers<StartError>()

  async function startAgain(): Promise<Thread | null> {
    while (tries < pausesMs.length) {
      await wait(pausesMs[tries++], undefined, { signal: stopping.signal })
      try {
        return await start()
      } catch (fault) {
        log.warn({ reason: messageOf(fault), tries }, 'the embedded database does not start again')
      }
    }
    return null
  }
  async function keep(): Promise<void> {
    for (;;) {
      const sinceMs = performance.now()
      // One that was on its way when all was to be stopped.
      if (stopping.signal.aborted) await thread.stop()
      const reason = await thread.ended
      if (stopping.signal.aborted) return
      log.error({ reason }, 'the embedded database ended, and is started again')
      if (performance.now() - sinceMs > steadyMs) tries = 0
      const next = await startAgain()
      if (!next) return lost.resolve(new StartError(`The embedded database ended and does not start again: ${reason}.`))
      thread = next
      log.info({ tries }, 'the embedded database runs again')
      for (const listener of listeners) listener()
    }
  }
  const kept = keep().catch(fault => {
    // The pause before a try, cut short.
    if (!stopping.signal.aborted) throw fault
  })

  return {
    current: () => thread,
    onRestarted: listener => void listeners.push(listener),
    lost: lost.promise,
    async stop() {
      stopping.abort()
      await thread.stop()
      await kept
    },
  }
}
