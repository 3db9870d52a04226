import type { ApiKeys, NewApiKey } from '../../shared/index.ts'
import type { HttpCaller } from './http/call.ts'
import type { CallOptions } from './options.ts'

export interface CreateKeyOptions extends CallOptions {
  /** 1 to 200 characters of your own: the same again makes no second key, and throws `key.already_made`. */
  idempotencyKey?: string | undefined
}
export interface RotateKeyOptions extends CallOptions {
  /** How long the old secret opens as well: 0 when not given, 2 592 000 (a month) at most. */
  graceSeconds?: number | undefined
}

/** Every method throws `auth.*`; `auth.foreign_origin` for pages that try it without a key at a server that wants none. */
export interface Keys {
  /** Those that are valid, without their secrets. */
  list(options?: CallOptions): Promise<ApiKeys>
  /** `secret` is shown this once. A name has 100 characters at most. */
  create(name: string, options?: CreateKeyOptions): Promise<NewApiKey>
  /** Ends it on all servers within 5 s, with what it has open and the addresses that it signed. Throws `key.not_found`. */
  revoke(id: string, options?: CallOptions): Promise<void>
  /** Another secret for the same key. Throws `key.not_found`. */
  rotate(id: string, options?: RotateKeyOptions): Promise<NewApiKey>
}

export const createKeys = ({ call }: HttpCaller): Keys => ({
  list: options => call('keys.list', {}, options),
  create: (name, options) => call('keys.create', { body: { name } }, options),
  revoke: async (id, options) => void (await call('keys.revoke', { params: { id } }, options)),
  rotate: (id, { graceSeconds, signal } = {}) =>
    call('keys.rotate', { params: { id }, body: { graceSeconds } }, { signal }),
})
