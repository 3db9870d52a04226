// `node --import ./record-files.ts workload.ts DATA_DIR ROUNDS SYNC`: stores this and that, and notes what was acknowledged.
import { randomBytes } from 'node:crypto'
import { sql } from 'drizzle-orm'
import { v7 as uuidv7 } from 'uuid'
import { type Database, openDatabase } from '../../../server/platform/db/index.ts'
import { createJournal, type Journal } from '../../../server/platform/journal/index.ts'
import { createLog } from '../../../server/platform/log.ts'
import { VideoId, videoStream } from '../../../shared/index.ts'
import { type Fact, makeRows, rows, sumOf } from './facts.ts'
import { note } from './record-files.ts'

const [dataDirectory = '', rounds = '100', sync = 'true'] = process.argv.slice(2)
const log = createLog({ level: 'error', pretty: false })
const stream = videoStream(VideoId.parse(uuidv7()))
const noteFact = (fact: Fact) => note(fact)
const open = () => openDatabase({ url: null, dataDirectory, poolSize: 1, log, sync: sync === 'true' })

async function storeRow({ db }: Pick<Database, 'db'>, id: number, bytes: number): Promise<void> {
  const body = randomBytes(bytes / 2).toString('hex')
  await db.insert(rows).values({ id, body })
  noteFact({ row: id, sum: sumOf(body) })
}

async function storeTogether(database: Database, id: number): Promise<void> {
  const bodies = ['a', 'b', 'c'].map(letter => letter.repeat(2000))
  await database.transaction(async tx => {
    for (const [index, body] of bodies.entries()) await tx.insert(rows).values({ id: id + index, body })
  })
  for (const [index, body] of bodies.entries()) noteFact({ row: id + index, sum: sumOf(body) })
}

async function append(journal: Journal): Promise<void> {
  await journal.transact(async (_tx, append) => append(stream, 'video.renamed', { title: 'x'.repeat(300) }))
  noteFact({ event: await journal.head(stream), stream })
}

async function makeTable({ db }: Database, round: number): Promise<void> {
  const table = `cut_${round}`
  await db.execute(
    sql`create table ${sql.identifier(table)} as select n, repeat('x', 500) as body from generate_series(1, 200) n`,
  )
  noteFact({ table })
}

async function dropTable({ db }: Database, round: number): Promise<void> {
  const table = `cut_${round}`
  noteFact({ undone: table })
  await db.execute(sql`drop table ${sql.identifier(table)}`)
  noteFact({ noTable: table })
}

async function storeAll(database: Database, from: number, to: number): Promise<void> {
  const journal = createJournal({
    ...{ database, log },
    follow: () => [],
    ask: async () => {},
    wake: () => {},
  })
  for (let round = from; round < to; round++) {
    await storeRow(database, 10 * round, 200)
    if (round % 3 === 0) await storeTogether(database, 10 * round + 1)
    if (round % 7 === 0) await storeRow(database, 10 * round + 5, 200_000)
    if (round % 2 === 0) await append(journal)
    if (round % 10 === 0) await makeTable(database, round)
    if (round % 20 === 15) await dropTable(database, round - 15)
    if (round % 25 === 24) await database.db.execute(sql`select pg_switch_wal()`)
    if (round % 40 === 30) await database.db.execute(sql`checkpoint`)
  }
}

const half = Math.ceil(Number(rounds) / 2)
const first = await open()
await first.db.execute(makeRows)
await storeAll(first, 0, half)
await first.stop()
const second = await open()
await storeAll(second, half, Number(rounds))
await second.stop()
