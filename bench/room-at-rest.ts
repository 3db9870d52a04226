/**
 * What a room costs while nobody talks, and how fast one who was away has caught up:
 * `node bench/room-at-rest.ts [members] [events]`. Memory is beside Socket.IO alone with as many members.
 */
import { readFile } from 'node:fs/promises'
import { setTimeout as delay } from 'node:timers/promises'
import { createRushes } from '../client-sdk/src/index.ts'
import { joinRaw } from './support/raw-member.ts'
import { startRoomServers } from './support/room-servers.ts'
import { median } from './support/rounds.ts'
import type { ServerProcess } from './support/server-process.ts'
import { formatTable } from './support/table.ts'

const [memberCount = 1000, eventCount = 10_000] = process.argv.slice(2).map(Number)
const settleMs = 6_000

await using servers = await startRoomServers(1)
const { videoId } = servers
const [ours, bare] = [servers.rushes[0], servers.bare[0]] as [ServerProcess, ServerProcess]
const rows: string[][] = []
for (const [name, server] of Object.entries({ 'Socket.IO alone': bare, Rushes: ours })) {
  // The first ones load code and grow the heap, whoever they are.
  await withMembers(server, 100, async () => {})
  const before = await residentKiB(server.pid)
  const after = await withMembers(server, memberCount, () => residentKiB(server.pid))
  rows.push([name, String(memberCount), ((after - before) / memberCount).toFixed(1)])
}
console.log(`\nMembers who only listen, on ${servers.database}.\n`)
console.log(formatTable(['server', 'members', 'KiB a member'], rows))

const client = createRushes({ url: ours.url })
const talker = await client.rooms.join(videoId, { name: 'talker' })
for (let said = 0; said < eventCount; said += 250)
  await Promise.all(Array.from({ length: 250 }, (_, n) => talker.send({ body: `What is said, line ${said + n}.` })))
const times: number[] = []
for (let round = 0; round < 5; round++) times.push(await catchUpMs(talker.seq - eventCount, talker.seq))
talker.leave()
console.log(`\nReplay of ${eventCount} events to one who was away: ${median(times).toFixed(0)} ms (median of 5).`)

async function withMembers<T>(server: ServerProcess, count: number, look: () => Promise<T>): Promise<T> {
  const members = []
  for (let n = 0; n < count; n += 50)
    members.push(
      ...(await Promise.all(
        Array.from({ length: 50 }, (_, m) => joinRaw(server.url, { videoId, name: `member ${n + m}` })),
      )),
    )
  await delay(settleMs)
  const seen = await look()
  for (const member of members) member.close()
  await delay(settleMs)
  return seen
}

/** Without garbage, which is as large as the heap happens to have grown. */
async function residentKiB(pid: number): Promise<number> {
  for (let times = 0; times < 3; times++) {
    process.kill(pid, 'SIGUSR2')
    await delay(700)
  }
  const status = await readFile(`/proc/${pid}/status`, 'utf8')
  return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1])
}

/** By plain requests, as a client asks after it has joined: 1,000 events at a time. */
async function catchUpMs(since: number, head: number): Promise<number> {
  const member = await joinRaw(ours.url, { videoId, name: 'late' })
  const began = performance.now()
  for (let seq = since; seq < head; ) {
    const [answer] = JSON.parse(await member.request('room.replay', { videoId, since: seq })) as [
      { events: { seq: number }[] },
    ]
    seq = answer.events.at(-1)?.seq ?? head
  }
  const took = performance.now() - began
  member.close()
  return took
}
