import { messageOf } from '../errors.ts'
import type { Log } from '../log.ts'

/** Says once that the database is away, and once that it is back. */
export interface Outage {
  began(fault: unknown): void
  ended(): void
  stop(): void
}

const probeEveryMs = 1000

/** While the database is away `probe` asks for it: otherwise it would be back when the next caller comes. */
export function createOutage(log: Log, probe: () => Promise<unknown>): Outage {
  let sinceMs: number | null = null
  let timer: NodeJS.Timeout | undefined
  return {
    began(fault) {
      if (sinceMs !== null) return
      sinceMs = performance.now()
      log.warn({ reason: messageOf(fault) }, 'the database is away')
      timer = setInterval(() => void probe().catch(() => {}), probeEveryMs).unref()
    },
    ended() {
      clearInterval(timer)
      if (sinceMs !== null)
        log.info({ afterSeconds: Math.round((performance.now() - sinceMs) / 1000) }, 'the database is back')
      sinceMs = null
    },
    stop: () => clearInterval(timer),
  }
}
