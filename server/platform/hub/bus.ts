import type { z } from 'zod'

/**
 * What servers that share their streams tell each other. Nothing on it is promised: while Redis is away it is lost, so
 * whatever must hold is healed by its teller (a beat) or its hearer (the log).
 */
export interface Bus {
  /** Another one at every start. */
  readonly serverId: string
  /** False for a server that is alone: then nobody hears. */
  readonly isShared: boolean
  /** To all other servers; not to the one that tells. */
  publish(kind: string, payload: object): void
  /**
   * The listener is given what fits the schema; the rest is dropped. Servers of two versions share a bus while they are
   * updated, so a schema lets through what it doesn't know. Returns how to stop.
   */
  on<P extends object>(kind: string, schema: z.ZodType<P>, listener: (payload: P, from: string) => void): () => void
}

/** Of a server that shares its streams with nobody. */
export const createLoneBus = (serverId: string): Bus => ({
  serverId,
  isShared: false,
  publish() {},
  on: () => () => {},
})
