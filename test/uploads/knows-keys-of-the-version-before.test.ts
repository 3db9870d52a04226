import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { test } from 'node:test'
import type { Context } from 'koa'
import { v7 as uuidv7 } from 'uuid'
import { createIdempotencyKeys, idempotencyKeyIn } from '../../server/intake/index.ts'
import { noteKey } from '../../server/intake/queries.ts'
import { createLeases } from '../../server/platform/leases/index.ts'
import { VideoId } from '../../shared/index.ts'
import { openTestDatabase } from '../support/open-test-database.ts'

test('a request that was answered before an upgrade is answered with the same video after it', async t => {
  await using opened = await openTestDatabase()
  const { database } = opened
  const authorization = 'Bearer a secret'
  const headers: Record<string, string> = { authorization, 'idempotency-key': 'one' }
  const ctx = { get: (name: string) => headers[name] ?? '' } as unknown as Context
  const key = idempotencyKeyIn(ctx, { kind: 'key', id: 'the id of the key' })
  assert.ok(key)
  // As that version made it.
  const hash = createHash('sha256')
    .update(JSON.stringify([authorization, 'one']))
    .digest('hex')
  assert.notEqual(key.hash, hash)
  const videoId = VideoId.parse(uuidv7())
  await database.transaction(tx => noteKey(tx, hash, { videoId, uploadId: null }))
  const leases = createLeases(opened)
  t.after(() => leases.stop())
  const idempotencyKeys = createIdempotencyKeys({ database, leases })
  const asked = { signal: AbortSignal.timeout(60_000), make: async () => 'made', again: async () => 'again' }
  assert.equal(await idempotencyKeys({ key, ...asked }), 'again')
  const other = idempotencyKeyIn(ctx, { kind: 'local', id: 'local' })
  assert.equal(await idempotencyKeys({ key: other && { ...other, formerHash: 'none' }, ...asked }), 'made')
})
