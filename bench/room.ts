/**
 * A durable room message against a Socket.IO broadcast that keeps nothing:
 * `node bench/room.ts [--servers 2] [rounds] [seconds] [members ...]`. 32 people talk as fast as they are acknowledged.
 * With RUSHES_TEST_DATABASE_URL the room lives on that PostgreSQL, otherwise on the embedded one. The ratios say
 * something about other machines; the absolute numbers do not.
 */
import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { parseArgs, promisify } from 'node:util'
import type { RoomLoadResult } from './support/room-load.ts'
import { startRoomServers } from './support/room-servers.ts'
import { median, medianRatio, runRounds } from './support/rounds.ts'
import type { ServerProcess } from './support/server-process.ts'
import { formatTable } from './support/table.ts'

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
    return JSON.parse((await run(process.execPath, [load, videoId, ...counts, ...urls])).stdout) as RoomLoadResult
  }
  const { bare, rushes } = await runRounds(rounds, { bare: talk(servers.bare), rushes: talk(servers.rushes) })
  rows.push(rowOf(members, rushes, bare))
}
const over = serverCount > 1 ? `, over ${serverCount} servers and Redis` : ''
console.log(
  `\nDurable on ${servers.database}${over}; ${talkers} people talking, median of ${rounds} rounds of ${seconds} s.\n`,
)
const columns = ['deliveries/s', 'ack p50 ms', 'ack p99 ms', 'lone p50 ms']
const heads = ['members', ...columns.flatMap(column => [`bare ${column}`, `rushes ${column}`])]
console.log(formatTable(heads.toSpliced(3, 0, 'ratio'), rows))

function rowOf(members: number, ours: RoomLoadResult[], theirs: RoomLoadResult[]): string[] {
  const deliveries = (results: RoomLoadResult[]) => results.map(result => result.deliveriesPerSecond)
  const pair = (pick: (result: RoomLoadResult) => number, digits = 1) =>
    [theirs, ours].map(results => median(results.map(pick)).toFixed(digits))
  return [
    String(members),
    ...pair(result => result.deliveriesPerSecond, 0),
    medianRatio(deliveries(ours), deliveries(theirs)).toFixed(2),
    ...pair(result => result.p50Ms),
    ...pair(result => result.p99Ms),
    ...pair(result => result.loneP50Ms),
  ]
}
