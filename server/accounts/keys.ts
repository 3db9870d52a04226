import { createHash } from 'node:crypto'
import { v7 as uuidv7 } from 'uuid'
import { z } from 'zod'
import type { ApiKey, NewApiKey } from '../../shared/index.ts'
import { type Caller, keyIdOf } from '../platform/caller.ts'
import type { Database } from '../platform/db/index.ts'
import { AppError, fail } from '../platform/errors.ts'
import type { KeyRing } from './key-ring.ts'
import { findKeyMadeOnce, insertKey, type KeyRow, listKeys, revokeKey, rotateKey } from './queries.ts'
import { makeSecret } from './secret.ts'

export interface NewKey {
  name: string
  by: Pick<Caller, 'kind' | 'id' | 'name'>
  /** Chosen by the maker: the same again makes no second key. */
  idempotencyKey?: string | undefined
}

/** The made keys, as they stand in the table. */
export interface Keys {
  list(): Promise<ApiKey[]>
  /** Throws `key.already_made`. */
  create(key: NewKey): Promise<NewApiKey>
  /** Throws `key.not_found`, as the next one does. */
  revoke(id: string): Promise<void>
  rotate(id: string, options: { graceSeconds: number }): Promise<NewApiKey>
}

/** For whoever works beside the servers: these hear of each change by themselves. */
const noRing: Pick<KeyRing, 'read' | 'change'> = { read: async () => {}, change: (_, work) => work() }

/** The ring hears of each change before its maker does. */
export function createKeys({ db }: Pick<Database, 'db'>, ring = noRing): Keys {
  return {
    list: async () => (await listKeys(db)).map(shown),
    async create({ name, by, idempotencyKey }) {
      const { secret, ...kept } = makeSecret()
      const onceHash = idempotencyKey === undefined ? null : onceHashOf(by, idempotencyKey)
      const maker = { createdBy: by.name, createdByKey: keyIdOf(by) }
      const row = await insertKey(db, { id: uuidv7(), name, ...kept, ...maker, onceHash })
      if (!row) throw alreadyMade(onceHash === null ? undefined : await findKeyMadeOnce(db, onceHash))
      await ring.read()
      return { key: shown(row), secret }
    },
    async revoke(id) {
      if (!isId(id) || !(await ring.change(id, () => revokeKey(db, id)))) throw fail('key.not_found')
    },
    async rotate(id, { graceSeconds }) {
      const { secret, ...kept } = makeSecret()
      const row = isId(id) ? await ring.change(id, () => rotateKey(db, id, { ...kept, graceSeconds })) : undefined
      if (!row) throw fail('key.not_found')
      return { key: shown(row), secret }
    },
  }
}

const isId = (id: string) => z.uuid().safeParse(id).success

const shown = ({ id, name, start, createdBy, ...row }: KeyRow): ApiKey => ({
  ...{ id, name, start, createdBy },
  createdAt: row.createdAt.toISOString(),
  lastUsedAt: row.lastUsedAt?.toISOString() ?? null,
  rotatedAt: row.rotatedAt?.toISOString() ?? null,
  previousUntil: row.previousUntil && row.previousUntil > new Date() ? row.previousUntil.toISOString() : null,
})

/** Two makers may choose the same one. */
const onceHashOf = (by: NewKey['by'], idempotencyKey: string) =>
  createHash('sha256')
    .update(JSON.stringify([by.name, keyIdOf(by), idempotencyKey]))
    .digest('hex')

const alreadyMade = (made: { id: string } | undefined) =>
  new AppError(
    'key.already_made',
    'This key was made before, and its secret is shown once: rotate it to have another secret.',
    { details: made },
  )
