import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { test } from 'node:test'
import { sql } from 'drizzle-orm'
import { createRushes } from '../../client-sdk/src/index.ts'
import { openDatabase } from '../../server/platform/db/index.ts'
import { createLog } from '../../server/platform/log.ts'
import { makeFilm } from '../support/make-film.ts'
import { startTestApp, type TestApp } from '../support/start-test-app.ts'
import { allSay, knockAtAll } from './every-door.ts'

const [first, second] = ['the first key that is configured', 'the second key that is configured']
const quiet = { TRANSCRIBER: 'none' }

const withKey = (app: TestApp, token: string) => createRushes({ url: app.url, token })
const hashOf = (key: string) => createHash('sha256').update(key).digest('hex')

test('the configured key is exactly what is configured, and what an old one signed ends with it', async () => {
  let app = await startTestApp({ env: { ...quiet, RUSHES_API_KEY: first } })
  try {
    const { id } = await app.rushes.videos.upload(await makeFilm(join(app.dataDirectory, 'film.mp4'), { seconds: 1 }))
    await app.rushes.videos.untilReady(id)
    const made = await app.rushes.keys.create('made')
    const signed = async (key: string) => (await withKey(app, key).videos.signedUrls(id)).stream
    const [byFirst, byMade] = [await signed(first), await signed(made.secret)]
    assert.deepEqual(await knockAtAll(app.url, id, first), allSay('open'))

    app = await app.restart({ RUSHES_API_KEY: second })
    assert.deepEqual(await knockAtAll(app.url, id, first), allSay('auth.invalid'))
    assert.deepEqual(await knockAtAll(app.url, id, second), allSay('open'))
    assert.equal((await fetch(byFirst)).status, 401)
    assert.equal((await fetch(byMade)).status, 200)

    app = await app.restart({ RUSHES_API_KEY: '' })
    assert.deepEqual(await knockAtAll(app.url, id, second), allSay('auth.invalid'))
    assert.deepEqual(await knockAtAll(app.url, id, undefined), allSay('auth.required'))
    await withKey(app, made.secret).keys.revoke(made.key.id)
    assert.deepEqual(await knockAtAll(app.url, id, undefined), allSay('open'))
  } finally {
    await app[Symbol.asyncDispose]()
  }
})

test('what the version before stored of configured keys opens nothing; keys that were made open as ever', async () => {
  let app = await startTestApp({ env: { ...quiet, RUSHES_API_KEY: first }, ownDatabase: true })
  try {
    const old = { configured: 'a key that was configured once', made: 'rushes_a-key-that-was-made' }
    const { dataDirectory, env } = app
    app = await app.restart({ RUSHES_API_KEY: second }, async () => {
      const log = createLog({ level: 'silent', pretty: false })
      const database = await openDatabase({ url: env.DATABASE_URL ?? null, dataDirectory, poolSize: 1, log })
      for (const [name, key] of [
        ['RUSHES_API_KEY', old.configured],
        ['earlier', old.made],
      ] as const)
        await database.db.execute(
          sql`insert into api_keys (id, name, hash) values (gen_random_uuid(), ${name}, ${hashOf(key)})`,
        )
      await database.stop()
    })
    await assert.rejects(withKey(app, old.configured).videos.list(), { code: 'auth.invalid' })
    const { items, configured } = await withKey(app, old.made).keys.list()
    assert.deepEqual([items.map(({ name, start }) => [name, start]), configured], [[['earlier', null]], true])
  } finally {
    await app[Symbol.asyncDispose]()
  }
})
