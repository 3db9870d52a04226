import type { Errands } from './errands.ts'
import type { Log } from './log.ts'

/** As long as an orderly end may take. */
const quicklyMs = 5_000

export interface Ending {
  log: Log
  errands: Errands
  /** Undoes what was started, as far as it can be. */
  stop: () => Promise<void>
}

/**
 * Ends the process when a fault reached nobody: what it left half done is not known, and whoever watches the process
 * starts it again. The log says it once, with the request in whose course it happened.
 */
export function endOnFault({ log, errands, stop }: Ending): void {
  let isEnding = false
  const end = () => process.exit(1)
  // Promises whose rejection nobody heard come here, too.
  process.on('uncaughtException', (fault, origin) => {
    // Not even its end is in order.
    if (isEnding) return end()
    isEnding = true
    log.error({ ...errands.current(), origin, err: fault }, 'a fault that nobody caught: the server ends')
    setTimeout(end, quicklyMs)
    return void Promise.resolve().then(stop).then(end, end)
  })
}
