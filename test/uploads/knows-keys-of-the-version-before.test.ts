import assert from 'node:assert/strict'
import { createHash, randomUUID } from 'node:crypto'
import { test } from 'node:test'
import type { Context } from 'koa'
import { v7 as uuidv7 } from 'uuid'
import { noteKey, takeKey } from '../../server/uploads/key-queries.ts'
import { createOnce, onceKeyIn } from '../../server/uploads/once.ts'
import { VideoId } from '../../shared/index.ts'
import { openTestDatabase } from '../support/open-test-database.ts'

test('a request that was answered before an upgrade is answered with the same video after it', async () => {
  await using opened = await openTestDatabase()
  const { database } = opened
  const authorization = 'Bearer a secret'
  const headers: Record<string, string> = { authorization, 'idempotency-key': 'one' }
  const ctx = { get: (name: string) => headers[name] ?? '' } as unknown as Context
  const key = onceKeyIn(ctx, { kind: 'key', id: 'the id of the key' })
  assert.ok(key)
  // As that version made it.
  const hash = createHash('sha256')
    .update(JSON.stringify([authorization, 'one']))
    .digest('hex')
  assert.notEqual(key.hash, hash)
  const holder = randomUUID()
  const videoId = VideoId.parse(uuidv7())
  await takeKey(database.db, hash, holder)
  await database.transaction(tx => noteKey(tx, { hash, holder, videoId, uploadId: null }))
  const once = createOnce({ database })
  const asked = { signal: AbortSignal.timeout(60_000), make: async () => 'made', again: async () => 'again' }
  assert.equal(await once({ key, ...asked }), 'again')
  const other = onceKeyIn(ctx, { kind: 'local', id: 'local' })
  assert.equal(await once({ key: other && { ...other, formerHash: 'none' }, ...asked }), 'made')
})
