/**
 * What servers that share their rooms tell each other. Nothing on it is promised: while Redis is away it is lost, so
 * whatever must hold is healed by its teller (a beat) or its hearer (the log).
 */
export interface Bus {
  /** Another one at every start. */
  readonly serverId: string
  /** False for a server that is alone: then nobody hears. */
  readonly isShared: boolean
  /** To all other servers; not to the one that tells. */
  publish(kind: string, payload: object): void
  /** Returns how to stop. */
  on<P extends object>(kind: string, listener: (payload: P, from: string) => void): () => void
}

/** Of a server that shares its rooms with nobody. */
export const createLoneBus = (serverId: string): Bus => ({
  serverId,
  isShared: false,
  publish() {},
  on: () => () => {},
})
