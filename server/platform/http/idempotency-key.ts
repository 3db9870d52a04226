import type { Context } from 'koa'
import { IdempotencyKey } from '../../../shared/index.ts'
import { AppError } from '../errors.ts'

/** The `Idempotency-Key` as it was sent; undefined without one. Throws `request.invalid`. */
export function sentIdempotencyKey(ctx: Pick<Context, 'get'>, schema = IdempotencyKey): string | undefined {
  const key = ctx.get('idempotency-key')
  if (key === '') return undefined
  if (!schema.safeParse(key).success)
    throw new AppError('request.invalid', `An Idempotency-Key has 1 to ${schema.maxLength} characters.`)
  return key
}
