// tier: postgres
import assert from 'node:assert/strict'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import type { Room, RoomEvent } from '../../client-sdk/src/index.ts'
import { makeFilm } from '../support/make-film.ts'
import { startTestApp, type TestApp, until } from '../support/start-test-app.ts'

let app: TestApp
let videoId: string
before(async () => {
  app = await startTestApp({ env: { TRANSCRIBER: 'none' } })
  const video = await app.rushes.videos.upload(await makeFilm(join(app.dataDirectory, 'film.mp4'), { seconds: 2 }))
  videoId = video.id
  await app.rushes.videos.untilReady(videoId)
})
after(() => app[Symbol.asyncDispose]())

/** What a member hears, in the order in which it is heard. */
function hear(room: Room): RoomEvent[] {
  const heard: RoomEvent[] = []
  room.on('event', event => heard.push(event))
  return heard
}
const bodies = (events: RoomEvent[]) =>
  events.flatMap(event => (event.type === 'message.created' ? [event.payload.message.body] : []))

test('what one says everyone hears, once and in the same order', async () => {
  const [ada, ben] = await Promise.all(['Ada', 'Ben'].map(name => app.rushes.rooms.join(videoId, { name })))
  assert.ok(ada && ben)
  const [byAda, byBen] = [hear(ada), hear(ben)]
  await Promise.all(Array.from({ length: 40 }, (_, n) => (n % 2 ? ada : ben).send({ body: `line ${n}` })))
  await until('both heard all', () => bodies(byAda).length === 40 && bodies(byBen).length === 40)
  assert.deepEqual(bodies(byAda), bodies(byBen))
  assert.equal(new Set(bodies(byAda)).size, 40)
  assert.deepEqual(
    byBen.map(event => event.seq),
    byBen.map((_, n) => (byBen[0]?.seq ?? 0) + n),
  )
  ada.leave()
  ben.leave()
})

test('a message that is sent again with its clientId stays one message', async () => {
  const room = await app.rushes.rooms.join(videoId, { name: 'Cleo' })
  const heard = hear(room)
  const sent = await Promise.all([1, 2, 3].map(() => room.send({ body: 'once', clientId: 'the same' })))
  assert.equal(new Set(sent.map(message => message.id)).size, 1)
  await room.send({ body: 'after' })
  await until('the next is heard', () => bodies(heard).includes('after'))
  assert.deepEqual(bodies(heard), ['once', 'after'])
  room.leave()
})

test('whoever comes late gets the whole log, numbered from 1 without gaps', async () => {
  const events = await app.rushes.videos.events(videoId, 0)
  assert.deepEqual(
    events.map(event => event.seq),
    events.map((_, n) => n + 1),
  )
  assert.equal(events[0]?.type, 'video.created')
  assert.ok(events.some(event => event.type === 'video.ready'))
})

test('across a restart of the server nothing is lost and nothing comes twice', async () => {
  const [ada, ben] = await Promise.all(['Ada', 'Ben'].map(name => app.rushes.rooms.join(videoId, { name })))
  assert.ok(ada && ben)
  const byBen = hear(ben)
  const firstHalf = Array.from({ length: 10 }, (_, n) => ada.send({ body: `before ${n}` }))
  const restarted = app.restart()
  const secondHalf = Array.from({ length: 10 }, (_, n) => ada.send({ body: `during ${n}` }))
  app = await restarted
  await Promise.all([...firstHalf, ...secondHalf])
  await until('all are heard', () => bodies(byBen).length === 20)
  assert.equal(new Set(bodies(byBen)).size, 20)
  assert.deepEqual(
    byBen.map(event => event.seq),
    byBen.map((_, n) => (byBen[0]?.seq ?? 0) + n),
  )
  ada.leave()
  ben.leave()
})

test('presence follows who comes and who goes', async () => {
  const ada = await app.rushes.rooms.join(videoId, { name: 'Ada' })
  const names = () => ada.members.map(member => member.name).sort()
  const ben = await app.rushes.rooms.join(videoId, { name: 'Ben' })
  await until('Ben is seen', () => names().join() === 'Ada,Ben')
  ben.leave()
  await until('Ben is gone', () => names().join() === 'Ada')
  ada.leave()
})
