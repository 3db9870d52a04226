import assert from 'node:assert/strict'
import { test } from 'node:test'
import { v7 as uuidv7 } from 'uuid'
import { forgetIncoming, insertUpload, listUnwritable, noteParts } from '../../server/uploads/queries.ts'
import { VideoId } from '../../shared/index.ts'
import { openTestDatabase } from '../support/open-test-database.ts'

const hourMs = 3_600_000

test('what lies at an address in the store is looked for once more when nobody can write there', async () => {
  await using opened = await openTestDatabase()
  const { db } = opened.database
  const insert = (id: string, status: 'done' | 'refused' | 'expired' | 'receiving', expiredHoursAgo: number) =>
    insertUpload(db, {
      ...{ id, status, way: 'direct', videoId: VideoId.parse(uuidv7()), filename: 'f', title: 'f' },
      incomingBlob: id === 'to the server' ? null : `incoming/${id}`,
      expiresAt: new Date(Date.now() - expiredHoursAgo * hourMs),
    })
  await insert('done', 'done', 2)
  await insert('refused', 'refused', 2)
  await insert('expired', 'expired', 2)
  await insert('still sent', 'done', 0.5)
  await insert('looked at', 'receiving', 2)
  await insert('to the server', 'done', 2)
  const found = async () => (await listUnwritable(db)).map(({ id }) => id).sort()
  assert.deepEqual(await found(), ['done', 'expired', 'refused'])
  await forgetIncoming(db, 'done')
  assert.deepEqual(await found(), ['expired', 'refused'])
})

test('two servers that begin the parts of one upload agree on whose they are, and a settled one has none', async () => {
  await using opened = await openTestDatabase()
  const { db } = opened.database
  const row = { way: 'direct' as const, videoId: VideoId.parse(uuidv7()), filename: 'f', title: 'f' }
  const expiresAt = new Date(Date.now() + hourMs)
  await insertUpload(db, { ...row, id: 'open', status: 'waiting', expiresAt })
  const [one, other] = await Promise.all([noteParts(db, 'open', 'mine'), noteParts(db, 'open', 'yours')])
  assert.equal(one, other)
  await insertUpload(db, { ...row, id: 'settled', status: 'done', expiresAt })
  assert.equal(await noteParts(db, 'settled', 'mine'), null)
})
