import { hearFaults } from '../platform/hear-faults.ts'
import type { Log } from '../platform/log.ts'

/** Runs at once, then for each key no more often than every so many milliseconds, while there is something to run for. */
export interface Turns<K> {
  touch(key: K): void
  stop(): void
}

export interface TurnsOptions<K> {
  everyMs(key: K): number
  run(key: K): void
  log: Pick<Log, 'error'>
  /** For the log, should a turn fail. */
  what: string
}

export function inTurns<K>({ everyMs, log, what, ...options }: TurnsOptions<K>): Turns<K> {
  const run = hearFaults(log, what, options.run)
  const resting = new Map<K, { isTouched: boolean; timer: NodeJS.Timeout }>()
  let isStopped = false

  const begin = (key: K) => {
    const over = () => {
      resting.delete(key)
      if (rest.isTouched) begin(key)
    }
    const rest = { isTouched: false, timer: setTimeout(over, everyMs(key)) }
    rest.timer.unref()
    resting.set(key, rest)
    run(key)
  }

  return {
    touch(key) {
      const rest = resting.get(key)
      if (rest) rest.isTouched = true
      else if (!isStopped) begin(key)
    },
    stop() {
      isStopped = true
      for (const { timer } of resting.values()) clearTimeout(timer)
      resting.clear()
    },
  }
}
