/** Members of rooms, in a process of their own: `room-load.ts VIDEO_ID MEMBERS TALKERS SECONDS URL...`, dealt over the servers. Prints one line of JSON. */
import { setTimeout as delay } from 'node:timers/promises'
import { joinRaw, type RawMember } from './raw-member.ts'

export interface RoomLoadResult {
  /** All that were said, those of one alone too. */
  messages: number
  messagesPerSecond: number
  deliveriesPerSecond: number
  p50Ms: number
  p99Ms: number
  loneP50Ms: number
}

const [videoId = '', memberCount = '50', talkerCount = '32', secondsGiven = '3', ...urls] = process.argv.slice(2)
const seconds = Number(secondsGiven)

const members = await Promise.all(
  Array.from({ length: Number(memberCount) }, (_, n) =>
    joinRaw(urls[n % urls.length] ?? '', { videoId, name: `member ${n}` }),
  ),
)
const deliveries = () => members.reduce((sum, member) => sum + member.deliveries, 0)
const lone = await speakAlone(members[0] as RawMember, 50)
const before = deliveries()
const began = performance.now()
const waits = (
  await Promise.all(members.slice(0, Number(talkerCount)).map((member, n) => talk(member, n, began + seconds * 1000)))
).flat()
await untilQuiet()
const elapsedSeconds = (performance.now() - began) / 1000
if (deliveries() - before !== waits.length * members.length)
  throw new Error(`${waits.length} messages to ${members.length} members made ${deliveries() - before} deliveries.`)
waits.sort((a, b) => a - b)
const at = (sorted: number[], share: number) =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0
const result: RoomLoadResult = {
  messages: waits.length + lone.length,
  messagesPerSecond: waits.length / elapsedSeconds,
  deliveriesPerSecond: (deliveries() - before) / elapsedSeconds,
  p50Ms: at(waits, 0.5),
  p99Ms: at(waits, 0.99),
  loneP50Ms: at(lone, 0.5),
}
process.stdout.write(`${JSON.stringify(result)}\n`)
for (const member of members) member.close()

/** Speaks again as soon as the last message is acknowledged. Returns how long each acknowledgement took, in milliseconds. */
async function talk(member: RawMember, n: number, end: number): Promise<number[]> {
  const waits: number[] = []
  for (let round = 0; performance.now() < end; round++) waits.push(await say(member, `${n} ${round} ${end}`))
  return waits
}

async function speakAlone(member: RawMember, rounds: number): Promise<number[]> {
  const waits: number[] = []
  for (let round = 0; round < rounds; round++) waits.push(await say(member, `alone ${round} ${performance.now()}`))
  await untilQuiet()
  return waits.sort((a, b) => a - b)
}

async function say(member: RawMember, clientId: string): Promise<number> {
  const began = performance.now()
  const body = 'What a room says is about this long, mostly.'
  const answer = await member.request('message.send', { videoId, clientId, body })
  if (!answer.startsWith('[{"ok":true')) throw new Error(answer)
  return performance.now() - began
}

/** Until nothing has arrived for a moment, which counts as time too. */
async function untilQuiet(): Promise<void> {
  for (let last = -1; last !== deliveries(); ) {
    last = deliveries()
    await delay(20)
  }
}
