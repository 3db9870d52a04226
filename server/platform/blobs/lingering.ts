/** How long a thing waits for its next user. */
const lingerMs = 1_000
/** The one that waits longest goes when there are more. */
const maxIdle = 64

/** Things without a user, for a moment: then, or when there are too many of them, `end` is called. */
export function createLingering<T>(end: (thing: T) => Promise<void>) {
  const idleSince = new Map<T, number>()
  let sweep: NodeJS.Timeout | undefined

  function finish(thing: T): void {
    idleSince.delete(thing)
    // Nobody waits for it: there is nobody to tell.
    end(thing).catch(() => {})
  }
  function sweepOld(): void {
    const now = performance.now()
    for (const [thing, since] of idleSince) if (now - since >= lingerMs) finish(thing)
    sweep = idleSince.size > 0 ? setTimeout(sweepOld, lingerMs).unref() : undefined
  }
  return {
    put(thing: T): void {
      idleSince.set(thing, performance.now())
      const [oldest] = idleSince.keys()
      if (idleSince.size > maxIdle && oldest !== undefined) finish(oldest)
      // One timer for all, and none a request.
      if (!sweep) sweep = setTimeout(sweepOld, lingerMs).unref()
    },
    /** It has a user again. */
    take(thing: T): void {
      idleSince.delete(thing)
    },
  }
}
