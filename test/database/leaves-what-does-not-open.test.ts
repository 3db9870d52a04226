import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import fs from 'node:fs'
import { cp, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { openDatabase } from '../../server/platform/db/index.ts'
import { StartError } from '../../server/platform/errors.ts'
import { createLog } from '../../server/platform/log.ts'
import { testDatabase } from '../support/test-database.ts'

const skip = process.env.RUSHES_TEST_DATABASE_URL ? 'it is about the embedded database' : false
const log = createLog({ level: 'silent', pretty: false })
const folder = await mkdtemp(join(tmpdir(), 'rushes-unopenable-'))
const whole = join(folder, 'whole')
before(() => testDatabase(whole), { timeout: 120_000 })
after(() => rm(folder, { recursive: true, force: true }))

/** Each is done to a whole folder; the sentence says what is wrong. */
const harms: Record<string, { harm: (database: string) => void; says: RegExp }> = {
  'without its version': { harm: it => fs.rmSync(join(it, 'PG_VERSION')), says: /no whole database: PG_VERSION/ },
  'without its control file': { harm: it => fs.rmSync(join(it, 'global/pg_control')), says: /global\/pg_control/ },
  'without its log': { harm: it => fs.rmSync(join(it, 'pg_wal'), { recursive: true }), says: /pg_wal/ },
  'with nothing but a file of somebody': {
    harm(it) {
      fs.rmSync(it, { recursive: true })
      fs.mkdirSync(it)
      fs.writeFileSync(join(it, 'notes.txt'), 'mine')
    },
    says: /no whole database/,
  },
  'with a torn control file': {
    harm: it => fs.writeFileSync(join(it, 'global/pg_control'), Buffer.alloc(8192, 7)),
    says: /does not open/,
  },
  'with a torn log': {
    harm(it) {
      for (const name of fs.readdirSync(join(it, 'pg_wal')).filter(name => /^[0-9A-F]{24}$/.test(name)))
        fs.writeFileSync(join(it, 'pg_wal', name), Buffer.alloc(16 * 1024 * 1024))
    },
    says: /does not open: .*checkpoint/,
  },
  'of a newer PostgreSQL': {
    harm: it => fs.writeFileSync(join(it, 'PG_VERSION'), '19\n'),
    says: /made by PostgreSQL "19"/,
  },
  'of a newer Rushes': {
    harm(it) {
      const path = join(it, 'rushes.json')
      fs.writeFileSync(
        path,
        JSON.stringify({ ...JSON.parse(fs.readFileSync(path, 'utf8')), schema: 9e15, rushes: '9.0.0' }),
      )
    },
    says: /newer Rushes \(9\.0\.0/,
  },
}

for (const [name, { harm, says }] of Object.entries(harms)) {
  test(`a folder ${name} is refused with a sentence, and left as it is`, { skip, timeout: 120_000 }, async () => {
    const dataDirectory = await mkdtemp(join(folder, 'harmed-'))
    const database = join(dataDirectory, 'database')
    await cp(join(whole, 'database'), database, { recursive: true })
    harm(database)
    const left = sumsOf(database)
    await assert.rejects(open(dataDirectory), fault => {
      assert.ok(fault instanceof StartError)
      assert.match(fault.message, says)
      assert.match(fault.message, /There is no snapshot of it\.$/)
      return true
    })
    assert.deepEqual(sumsOf(database), left)
    assert.deepEqual(fs.readdirSync(dataDirectory).sort(), ['database', 'rushes.lock'])
  })
}

test('a postmaster.pid that was torn, or names a process that runs, keeps nobody out', {
  skip,
  timeout: 120_000,
}, async () => {
  for (const claim of ['', '\0\0\0\0', `-${process.pid}\n/pglite/data\n`]) {
    const dataDirectory = await mkdtemp(join(folder, 'claimed-'))
    await cp(join(whole, 'database'), join(dataDirectory, 'database'), { recursive: true })
    fs.writeFileSync(join(dataDirectory, 'database/postmaster.pid'), claim)
    await (await open(dataDirectory)).stop()
  }
})

test('a database that was being made when the power went is made anew', { skip, timeout: 120_000 }, async () => {
  const dataDirectory = await mkdtemp(join(folder, 'half-'))
  fs.mkdirSync(join(dataDirectory, 'database'))
  fs.mkdirSync(join(dataDirectory, 'database.making'))
  fs.writeFileSync(join(dataDirectory, 'database.making/PG_VERSION'), '18\n')
  await (await open(dataDirectory)).stop()
  assert.deepEqual(fs.readdirSync(dataDirectory).sort(), ['database', 'rushes.lock'])
})

const open = (dataDirectory: string) => openDatabase({ url: null, dataDirectory, poolSize: 1, log })

/** What may not have changed: all but the note that somebody is there. */
function sumsOf(database: string): Record<string, string> {
  const files = fs.readdirSync(database, { recursive: true, withFileTypes: true }).filter(entry => entry.isFile())
  const paths = files.map(entry => join(entry.parentPath, entry.name)).filter(path => !path.endsWith('postmaster.pid'))
  return Object.fromEntries(
    paths.map(path => [path.slice(database.length), createHash('md5').update(fs.readFileSync(path)).digest('hex')]),
  )
}
