import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import fs from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { PGlite } from '@electric-sql/pglite'
import { holdsDatabase } from '../../server/platform/db/embedded/folder.ts'
import { makeDatabase } from '../../server/platform/db/embedded/make-database.ts'
import { unpackTar } from '../../server/platform/db/embedded/unpack-tar.ts'

const skip = process.env.RUSHES_TEST_DATABASE_URL ? 'it is about the embedded database' : false
const timeout = 300_000

/** Counted by the machine that made it, or with the version in it: neither says what the database can do. */
const unlike = ['pg_statistic', 'information_schema.sql_implementation_info']

/** What a database holds before anybody puts anything in, table by table. */
async function lookInto(database: PGlite): Promise<Record<string, string>> {
  const schemas = `('pg_catalog'::regnamespace, 'information_schema'::regnamespace)`
  const { rows: tables } = await database.query<{ name: string }>(
    `select oid::regclass::text as name from pg_class where relkind = 'r' and relnamespace in ${schemas} order by 1`,
  )
  const seen: Record<string, string> = {}
  for (const { name } of tables.filter(({ name }) => !unlike.includes(name))) {
    const { rows } = await database.query<{ row: string }>(`select it::text as row from ${name} it order by 1`)
    seen[name] = createHash('sha256')
      .update(rows.map(({ row }) => row).join('\n'))
      .digest('hex')
  }
  return seen
}

test('a new database holds what this very PostgreSQL would have made', { skip, timeout }, async () => {
  const folder = await mkdtemp(join(tmpdir(), 'rushes-prepared-'))
  try {
    const directory = join(folder, 'database')
    await makeDatabase(directory)
    assert.equal(holdsDatabase(directory), true)
    assert.equal(fs.existsSync(join(directory, 'postmaster.pid')), false)
    assert.equal(fs.existsSync(`${directory}.making`), false)
    for (const name of fs.readdirSync(directory, { recursive: true }))
      assert.equal(fs.statSync(join(directory, String(name))).mode & 0o077, 0, `${name} is for its owner alone`)
    const prepared = await PGlite.create(directory)
    const made = await PGlite.create(join(folder, 'made'))
    const tables = await lookInto(prepared)
    assert.ok(Object.keys(tables).length > 60)
    assert.deepEqual(tables, await lookInto(made))
    await Promise.all([prepared.close(), made.close()])
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
})

test('an archive unpacks nothing outside its folder', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'rushes-archive-'))
  const header = (path: string, type: string) => {
    const bytes = Buffer.alloc(1024)
    bytes.write(path, 0)
    bytes.write('00000000000', 124)
    bytes.write(type, 156)
    return bytes
  }
  try {
    assert.throws(() => unpackTar(header('a/../../b', '0'), join(folder, 'in')), /leads out/)
    assert.throws(() => unpackTar(header('link', '2'), join(folder, 'in')), /unknown type/)
    assert.deepEqual(fs.readdirSync(folder), [])
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
})
