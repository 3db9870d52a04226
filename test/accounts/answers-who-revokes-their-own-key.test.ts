import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { createKeyRing, type KeyRing } from '../../server/accounts/key-ring.ts'
import { createKeys } from '../../server/accounts/keys.ts'
import { operator } from '../../server/platform/caller.ts'
import { openTestDatabase } from '../support/open-test-database.ts'
import { until } from '../support/until.ts'

for (const change of ['revoke', 'rotate'] as const) {
  test(`what is open under a key ends after the answer to ${change}, also when the server hears of it by itself before`, async () => {
    await using opened = await openTestDatabase()
    const { db } = opened.database
    const ring = await createKeyRing({
      ...{ db, log: opened.log, configuredKey: undefined, signerOf: hash => hash, onChange: () => {} },
    })
    let isHeld: boolean | undefined
    const busy: Pick<KeyRing, 'read' | 'change'> = {
      read: ring.read,
      change: (id, work) =>
        ring.change(id, async () => {
          const done = await work()
          // As it does every two seconds, and after each change of somebody else.
          await ring.read()
          await nextTurn()
          isHeld = caller.permit.fault === null
          return done
        }),
    }
    const keys = createKeys(opened.database, busy)
    const { key, secret } = await keys.create({ name: 'mine', by: operator })
    const caller = ring.find(secret) ?? assert.fail()
    await keys[change](key.id, { graceSeconds: 0 })
    assert.equal(isHeld, true)
    assert.equal(ring.find(secret), undefined)
    await until('it ends', () => caller.permit.fault?.code === 'auth.invalid')
    await ring.stop()
  })
}
