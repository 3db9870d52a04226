import { setTimeout as delay } from 'node:timers/promises'

type Seen<T> = T | null | undefined | false

/** Waits for a fact. Fails with `what` after `seconds`. */
export async function until<T>(what: string, look: () => Promise<Seen<T>> | Seen<T>, seconds = 30): Promise<T> {
  const end = performance.now() + seconds * 1000
  for (;;) {
    const found = await look()
    if (found) return found
    if (performance.now() > end) throw new Error(`waited ${seconds} s in vain: ${what}`)
    await delay(20)
  }
}
