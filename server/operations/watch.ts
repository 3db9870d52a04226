import { messageOf } from '../platform/errors.ts'

/** Something that is found out now and then, and kept in between: whoever wants to know it costs nothing. */
export interface Watch<T> {
  /** What is known; found out first where that is too old to be told. Never rejects, and waits for `limitMs` at most. */
  read(): Promise<Finding<T>>
  stop(): void
}
export interface Finding<T> {
  value: T
  at: Date
}

export interface WatchOptions<T> {
  ask: () => Promise<T>
  /** What is told where asking failed, or took too long. `before` was known until now. */
  instead: (why: string, before: T | undefined) => T
  /** How old it may be. */
  everyMs: (value: T) => number
  /** Found out ahead of those who ask, while there are any. */
  ahead?: boolean
  limitMs?: number
}

/** So long somebody may ask again: a load balancer does so every few seconds. */
const attentionMs = 60_000

export function createWatch<T>(options: WatchOptions<T>): Watch<T> {
  const { instead, everyMs, ahead = false, limitMs = 5_000 } = options
  const ask = oneAtATime(options.ask, limitMs * 10)
  let known: { finding: Finding<T>; foundMs: number; goodForMs: number } | null = null
  let looking: Promise<Finding<T>> | null = null
  let next: NodeJS.Timeout | undefined
  let readMs = Number.NEGATIVE_INFINITY
  let stopped = false

  const findOut = async (): Promise<Finding<T>> => {
    clearTimeout(next)
    const value = await within(limitMs, ask()).catch(fault => instead(messageOf(fault), known?.finding.value))
    const goodForMs = everyMs(value)
    known = { finding: { value, at: new Date() }, foundMs: performance.now(), goodForMs }
    if (ahead && !stopped) next = setTimeout(lookAhead, goodForMs).unref()
    return known.finding
  }
  const look = (): Promise<Finding<T>> => {
    looking ??= findOut().finally(() => {
      looking = null
    })
    return looking
  }
  const lookAhead = () => {
    if (performance.now() - readMs < (known?.goodForMs ?? 0) + attentionMs) void look()
  }

  return {
    async read() {
      readMs = performance.now()
      if (known === null) return look()
      // The one that comes ahead of time may be late: it is asked for already.
      const mostMs = ahead ? 2 * known.goodForMs + limitMs : known.goodForMs
      return readMs - known.foundMs <= mostMs ? known.finding : look()
    },
    stop() {
      stopped = true
      clearTimeout(next)
    },
  }
}

/** Who does not answer is not asked again and again; nor waited for for ever, as an answer may have been lost. */
function oneAtATime<T>(ask: () => Promise<T>, patienceMs: number): () => Promise<T> {
  let asked: { answer: Promise<T>; sinceMs: number } | null = null
  return () => {
    if (asked && performance.now() - asked.sinceMs < patienceMs) return asked.answer
    const mine = { answer: ask(), sinceMs: performance.now() }
    asked = mine
    const forget = () => {
      if (asked === mine) asked = null
    }
    mine.answer.then(forget, forget)
    return mine.answer
  }
}

async function within<T>(limitMs: number, answer: Promise<T>): Promise<T> {
  const { promise: tooLate, reject } = Promise.withResolvers<never>()
  const timer = setTimeout(() => reject(new Error(`no answer within ${limitMs / 1000} s`)), limitMs)
  return Promise.race([answer, tooLate]).finally(() => clearTimeout(timer))
}
