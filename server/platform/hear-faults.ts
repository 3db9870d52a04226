import type { Log } from './log.ts'

/** For what a timer calls: there nobody would hear what it throws, and the server would end. Said once until it goes well again. */
export function hearFaults<A extends unknown[]>(
  log: Pick<Log, 'error'>,
  what: string,
  run: (...given: A) => void,
): (...given: A) => void {
  let isBroken = false
  return (...given) => {
    try {
      run(...given)
      isBroken = false
    } catch (fault) {
      if (!isBroken) log.error({ err: fault }, `${what} failed`)
      isBroken = true
    }
  }
}
