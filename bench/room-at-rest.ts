/**
 * What a room costs while nobody talks, and how fast one who was away has caught up:
 * `node bench/room-at-rest.ts [members] [events]`. Memory is beside Socket.IO alone with as many members.
 */
import { setTimeout as delay } from 'node:timers/promises'
import { createRushes } from '../client-sdk/src/index.ts'
import { type HeldMemory, heldMemory } from './support/held-memory.ts'
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
  const before = await heldMemory(server.pid)
  const after = await withMembers(server, memberCount, () => heldMemory(server.pid))
  const perMember = (pick: (memory: HeldMemory) => number) => ((pick(after) - pick(before)) / memberCount).toFixed(1)
  rows.push([name, String(memberCount), perMember(memory => memory.heldKiB), perMember(memory => memory.residentKiB)])
}
console.log(`\nMembers who only listen, on ${servers.database}.\n`)
console.log(formatTable(['server', 'members', 'held KiB a member', 'resident KiB a member'], rows))

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
