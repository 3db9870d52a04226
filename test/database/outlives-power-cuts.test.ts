import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { openDatabase } from '../../server/platform/db/index.ts'
import { messageOf } from '../../server/platform/errors.ts'
import { createLog } from '../../server/platform/log.ts'
import { seededRandom } from '../support/seeded-random.ts'
import { type Fact, missingOf, readFacts } from './cuts/facts.ts'
import { readRecord } from './cuts/read-record.ts'
import type { Happening } from './cuts/record-files.ts'
import { createRecordedDisk } from './cuts/recorded-disk.ts'

/** Power cuts that are tried. Some hundred find what a dozen does not: RUSHES_POWER_CUTS=400. */
const cuts = Number(process.env.RUSHES_POWER_CUTS ?? 5)
const seed = Number(process.env.RUSHES_POWER_CUT_SEED ?? Date.now() % 1_000_000)
/** `false` shows what these tests find without syncs. */
const sync = process.env.RUSHES_POWER_CUT_SYNC ?? 'true'
const rounds = cuts > 50 ? 240 : 60

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url))
const log = createLog({ level: 'silent', pretty: false })
const folder = await mkdtemp(join(tmpdir(), 'rushes-cuts-'))
after(() => rm(folder, { recursive: true, force: true }))
const dataDirectory = join(folder, 'data')
const happenings = await recordWorkload()

async function recordWorkload(): Promise<Happening[]> {
  await mkdir(dataDirectory)
  const record = join(folder, 'record')
  const env = { ...process.env, RUSHES_RECORD: record, RUSHES_RECORD_UNDER: join(dataDirectory, 'database') }
  const script = ['--import', here('cuts/record-files.ts'), here('cuts/workload.ts')]
  await promisify(execFile)(process.execPath, [...script, dataDirectory, String(rounds), sync], { env })
  return [...readRecord(record)]
}

const isNote = (it: Happening): it is { op: 'note'; note: Fact } => it.op === 'note'

test('nothing is acknowledged before its log is on the disk', () => {
  const disk = createRecordedDisk()
  let [answers, early] = [0, 0]
  for (const it of happenings) {
    disk.play(it)
    if (it.op !== 'answer') continue
    answers++
    if (disk.unsynced().some(path => path.includes('/pg_wal/'))) early++
  }
  assert.ok(answers > rounds, 'hardly anything was acknowledged')
  assert.equal(early, 0, `${early} of ${answers} answers left before what they promise was on the disk`)
})

test(`after any of ${cuts} power cuts the folder opens, with all that was acknowledged`, {
  timeout: 60_000 + cuts * 15_000,
}, async t => {
  t.diagnostic(`seed ${seed}`)
  const random = seededRandom(seed)
  const places = choosePlaces(random)
  const disk = createRecordedDisk()
  const outcomes: string[] = []
  const facts: Fact[] = []
  let [unheard, promised] = [[] as Fact[], 0]
  for (const [index, it] of happenings.entries()) {
    disk.play(it)
    if (isNote(it)) facts.push(it.note)
    for (const _ of places.filter(place => place === index)) {
      // An answer that has left was perhaps heard, though the process had no time to note it.
      promised = facts.length
      unheard = factsOfAnswer(index)
      outcomes.push(
        ...(await tryCut(disk, random, [...facts.slice(0, promised), ...unheard])).map(
          fault => `cut at ${index}: ${fault}`,
        ),
      )
    }
  }
  assert.deepEqual(outcomes, [])
})

/** Half of them just when an answer leaves. Some while the database is made. */
function choosePlaces(random: () => number): number[] {
  const made = happenings.findIndex(it => it.op === 'rename' && it.path.endsWith('.making'))
  const answers = happenings.flatMap((it, index) => (it.op === 'answer' ? [index] : []))
  return Array.from({ length: cuts }, (_, n) => {
    if (n % 20 === 10) return Math.floor(random() * (made + 2))
    if (n % 2 === 0) return answers[Math.floor(random() * answers.length)] ?? 0
    return made + Math.floor(random() * (happenings.length - made))
  }).sort((a, b) => a - b)
}

/** What is noted after this answer, and before the next. */
function factsOfAnswer(index: number): Fact[] {
  if (happenings[index]?.op !== 'answer') return []
  const next = happenings.findIndex((it, at) => at > index && (it.op === 'answer' || it.op === 'write'))
  return happenings
    .slice(index, next)
    .filter(isNote)
    .map(it => it.note)
}

async function tryCut(
  disk: ReturnType<typeof createRecordedDisk>,
  random: () => number,
  facts: Fact[],
): Promise<string[]> {
  const state = await mkdtemp(join(folder, 'state-'))
  try {
    disk.cut(random, { from: dataDirectory, to: state })
    const database = await openDatabase({ url: null, dataDirectory: state, poolSize: 1, log })
    const there = await readFacts(database)
    await database.stop()
    return missingOf(facts, there).map(fact => `${fact} is lost`)
  } catch (fault) {
    return [`it does not open: ${messageOf(fault)}`]
  } finally {
    await rm(state, { recursive: true, force: true })
  }
}
