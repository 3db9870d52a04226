import type { MediaToken } from '../../../shared/index.ts'

/** The signed token that goes into the addresses of media, so that the key never does. */
export interface MediaLinks {
  /** Undefined until the server was asked, and for servers that want none. */
  token(): string | undefined
  /** Resolves once there is a token that will hold for a while, or none is to be had. Never throws. */
  ready(): Promise<void>
}

/** Calls wait for it, so not long: without it they are right as well, and the next one asks again. */
const waitMs = 5_000

/** Asks the server when there is no token yet, and again after three quarters of a token's time. */
export function createMediaLinks(ask: (signal: AbortSignal) => Promise<MediaToken>): MediaLinks {
  let token: string | undefined
  let askAgainAt = 0
  let asking: Promise<void> | undefined

  async function renew(): Promise<void> {
    const now = Date.now()
    try {
      const answer = await ask(AbortSignal.timeout(waitMs))
      token = answer.token ?? undefined
      const lifetimeMs = answer.expiresAt === null ? Number.POSITIVE_INFINITY : Date.parse(answer.expiresAt) - now
      askAgainAt = now + 0.75 * lifetimeMs
    } catch {
      // The call beside it meets the same fault and says it; an older server has no such route.
      askAgainAt = now + 60_000
    }
  }
  return {
    token: () => token,
    ready() {
      if (Date.now() < askAgainAt) return Promise.resolve()
      asking ??= renew().finally(() => {
        asking = undefined
      })
      return asking
    },
  }
}
