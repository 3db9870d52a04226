/**
 * A durable room message against a Socket.IO broadcast that keeps nothing:
 * `node bench/room.ts [--servers 2] [rounds] [seconds] [members ...]`. 32 people talk as fast as they are acknowledged.
 * With RUSHES_TEST_DATABASE_URL the room lives on that PostgreSQL, otherwise on the embedded one. The ratios say
 * something about other machines; the absolute numbers do not.
 */
import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { parseArgs, promisify } from 'node:util'
import { cpuSeconds } from './support/cpu-time.ts'
import type { RoomLoadResult } from './support/room-load.ts'
import { startRoomServers } from './support/room-servers.ts'
import { median, ratioOf, runRounds } from './support/rounds.ts'
import type { ServerProcess } from './support/server-process.ts'
import { formatTable } from './support/table.ts'

/** Processor time of the servers, with all their threads, for each message. */
type Measured = RoomLoadResult & { cpuMicroseconds: number }

const { values, positionals } = parseArgs({ options: { servers: { type: 'string' } }, allowPositionals: true })
const serverCount = Number(values.servers ?? 1)
const [rounds = 3, seconds = 3, ...memberCounts] = positionals.map(Number)
const sizes = memberCounts.length > 0 ? memberCounts : [50, 200, 1000]
const talkers = 32
const load = fileURLToPath(new URL('support/room-load.ts', import.meta.url))
const run = promisify(execFile)

await using servers = await startRoomServers(serverCount)
const { videoId } = servers
const rows: string[][] = []
for (const members of sizes) {
  const talk = (processes: ServerProcess[]) => async () => {
    const counts = [members, Math.min(talkers, members), seconds].map(String)
    const urls = processes.map(({ url }) => url)
    const before = await cpuOf(processes)
    const { stdout } = await run(process.execPath, [load, videoId, ...counts, ...urls])
    const result = JSON.parse(stdout) as RoomLoadResult
    return { ...result, cpuMicroseconds: (((await cpuOf(processes)) - before) / result.messages) * 1e6 }
  }
  const contestants = { bare: talk(servers.bare), rushes: talk(servers.rushes) }
  const ratio = ({ rushes, bare }: Record<'rushes' | 'bare', Measured>) =>
    rushes.deliveriesPerSecond / bare.deliveriesPerSecond
  const measured = await runRounds(rounds, contestants, ratio)
  rows.push([...rowOf(members, measured.of.rushes, measured.of.bare), measured.load])
}
const over = serverCount > 1 ? `, over ${serverCount} servers and Redis` : ''
console.log(
  `\nDurable on ${servers.database}${over}; ${talkers} people talking, medians of ${rounds} rounds or more of ${seconds} s.\n`,
)
const columns = ['deliveries/s', 'ack p50 ms', 'ack p99 ms', 'lone p50 ms', 'CPU µs/message']
const heads = ['members', ...columns.flatMap(column => [`bare ${column}`, `rushes ${column}`])]
console.log(formatTable([...heads.toSpliced(3, 0, 'ratio'), 'load'], rows))

async function cpuOf(processes: ServerProcess[]): Promise<number> {
  const each = await Promise.all(processes.map(({ pid }) => cpuSeconds(pid)))
  return each.reduce((sum, seconds) => sum + seconds, 0)
}

function rowOf(members: number, ours: Measured[], theirs: Measured[]): string[] {
  const deliveries = (results: RoomLoadResult[]) => results.map(result => result.deliveriesPerSecond)
  const pair = (pick: (result: Measured) => number, digits = 1) =>
    [theirs, ours].map(results => median(results.map(pick)).toFixed(digits))
  return [
    String(members),
    ...pair(result => result.deliveriesPerSecond, 0),
    ratioOf(deliveries(ours), deliveries(theirs)),
    ...pair(result => result.p50Ms),
    ...pair(result => result.p99Ms),
    ...pair(result => result.loneP50Ms),
    ...pair(result => result.cpuMicroseconds, 0),
  ]
}
