import { fileTokenSeconds } from '../../shared/index.ts'
import { type HttpHandlers, type HttpInput, sentIdempotencyKey } from '../platform/http/index.ts'
import { mayKeepKeys } from './policy.ts'
import type { Accounts } from './service.ts'

/** What the control socket answers, too. */
export const keyRouteNames = ['keys.list', 'keys.create', 'keys.revoke', 'keys.rotate'] as const
type KeyRoute = (typeof keyRouteNames)[number]

/** Tokens that end at the same time are the same text, so that browsers keep what they loaded. */
const roundedToSeconds = 3600

export const accountRoutes = (
  accounts: Accounts,
  isConfigured: boolean,
): Pick<HttpHandlers, KeyRoute | 'media.token' | 'videos.fileToken'> => ({
  'media.token': async ({ query: { videoId, expiresSeconds }, caller }) => {
    const ends = Date.now() / 1000 + expiresSeconds
    const steps = Math.min(roundedToSeconds, expiresSeconds / 4)
    const expiresAt = new Date(Math.floor(ends / steps) * steps * 1000)
    return shownToken(accounts.signMedia(caller, videoId ?? 'all', expiresAt), expiresAt)
  },
  'videos.fileToken': async ({ params, query, caller }) => {
    const expiresAt = new Date(Date.now() + fileTokenSeconds * 1000)
    return shownToken(accounts.signFile(caller, `${params.id}/${query.file}`, expiresAt), expiresAt)
  },
  ...keyRoutes(accounts, isConfigured),
})

function keyRoutes({ keys, stillOpen }: Accounts, isConfigured: boolean): Pick<HttpHandlers, KeyRoute> {
  const admit = async ({ caller, ctx }: Pick<HttpInput<KeyRoute>, 'caller' | 'ctx'>) => {
    mayKeepKeys(caller, ctx.headers)
    ctx.set('cache-control', 'no-store')
    await stillOpen(caller)
  }
  return {
    'keys.list': async input => {
      await admit(input)
      return { items: await keys.list(), configured: isConfigured }
    },
    'keys.create': async input => {
      await admit(input)
      const { body, caller: by, ctx } = input
      return keys.create({ name: body.name, by, idempotencyKey: sentIdempotencyKey(ctx) })
    },
    'keys.revoke': async input => {
      await admit(input)
      await keys.revoke(input.params.id)
    },
    'keys.rotate': async input => {
      await admit(input)
      return keys.rotate(input.params.id, input.body)
    },
  }
}

const shownToken = (token: string | null, expiresAt: Date) => ({
  token,
  expiresAt: token === null ? null : expiresAt.toISOString(),
})
