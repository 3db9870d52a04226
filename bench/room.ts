/**
 * A durable room message against a Socket.IO broadcast that keeps nothing: `node bench/room.ts [rounds] [seconds] [members]`.
 * 32 people talk as fast as they are acknowledged. With RUSHES_TEST_DATABASE_URL the room lives on that PostgreSQL,
 * otherwise on the embedded one. The ratios say something about other machines; the absolute numbers do not.
 */
import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { createRushes } from '../client-sdk/src/index.ts'
import { testDatabase } from '../test/support/test-database.ts'
import type { RoomLoadResult } from './support/room-load.ts'
import { median, medianRatio, runRounds } from './support/rounds.ts'
import { startServer } from './support/server-process.ts'
import { formatTable } from './support/table.ts'

const [rounds = 3, seconds = 3, ...memberCounts] = process.argv.slice(2).map(Number)
const sizes = memberCounts.length > 0 ? memberCounts : [50]
const talkers = 32
const here = (path: string) => fileURLToPath(new URL(path, import.meta.url))
const run = promisify(execFile)

const folder = await mkdtemp(join(tmpdir(), 'bench-room-'))
const database = await testDatabase(folder)
try {
  const env = {
    PORT: '0',
    DATA_DIR: folder,
    LOG_LEVEL: 'info',
    TRANSCRIBER: 'none',
    MESSAGES_PER_SECOND: '0',
    ...database.env,
  }
  await using rushes = await startServer({ script: here('../server/main.ts'), env })
  await using bare = await startServer({ script: here('support/bare-broadcast.ts') })
  const videoId = await uploadFilm(rushes.url)
  const rows: string[][] = []
  for (const members of sizes) {
    const load = (url: string) => async () => {
      const args = [
        here('support/room-load.ts'),
        videoId,
        String(members),
        String(Math.min(talkers, members)),
        String(seconds),
        url,
      ]
      return JSON.parse((await run(process.execPath, args)).stdout) as RoomLoadResult
    }
    const { bare: theirs, rushes: ours } = await runRounds(rounds, { bare: load(bare.url), rushes: load(rushes.url) })
    rows.push(rowOf(members, ours, theirs))
  }
  console.log(
    `\nDurable on ${database.env.DATABASE_URL ? 'PostgreSQL' : 'the embedded database'}; ${talkers} people talking, median of ${rounds} rounds of ${seconds} s.\n`,
  )
  console.log(
    formatTable(
      [
        'members',
        'bare deliveries/s',
        'rushes deliveries/s',
        'ratio',
        'bare ack p99 ms',
        'rushes ack p99 ms',
        'bare lone p50 ms',
        'rushes lone p50 ms',
      ],
      rows,
    ),
  )
} finally {
  await database.drop()
  await rm(folder, { recursive: true, force: true })
}

async function uploadFilm(url: string): Promise<string> {
  const film = join(folder, 'film.mp4')
  await run('ffmpeg', [
    '-v',
    'error',
    '-f',
    'lavfi',
    '-i',
    'testsrc2=s=320x180:r=10:d=2',
    '-pix_fmt',
    'yuv420p',
    '-movflags',
    '+faststart',
    film,
  ])
  const client = createRushes({ url })
  const video = await client.videos.upload(film)
  await client.videos.untilReady(video.id)
  return video.id
}

function rowOf(members: number, ours: RoomLoadResult[], theirs: RoomLoadResult[]): string[] {
  const deliveries = (results: RoomLoadResult[]) => results.map(result => result.deliveriesPerSecond)
  const middle = (results: RoomLoadResult[], pick: (result: RoomLoadResult) => number) =>
    median(results.map(pick)).toFixed(1)
  return [
    String(members),
    median(deliveries(theirs)).toFixed(0),
    median(deliveries(ours)).toFixed(0),
    medianRatio(deliveries(ours), deliveries(theirs)).toFixed(2),
    middle(theirs, result => result.p99Ms),
    middle(ours, result => result.p99Ms),
    middle(theirs, result => result.loneP50Ms),
    middle(ours, result => result.loneP50Ms),
  ]
}
