// tier: postgres
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Message, Room } from '../../client-sdk/src/index.ts'
import { emptyRoom, enterAll, enterAs } from '../support/people.ts'
import { startTestApp, type TestApp, until } from '../support/start-test-app.ts'

let app: TestApp
before(async () => {
  app = await startTestApp({ env: { TRANSCRIBER: 'none', MESSAGES_PER_SECOND: '0' } })
})
after(() => app[Symbol.asyncDispose]())

async function enter(...names: string[]) {
  const videoId = await emptyRoom(app)
  const rooms = await enterAll(app, videoId, names)
  return { videoId, rooms, [Symbol.dispose]: () => rooms.forEach(room => void room.leave()) }
}
const shown = (room: Room | undefined, id: string): Message | undefined =>
  room?.messages.find(message => message.id === id)
const typesOf = async (videoId: string) => (await app.rushes.videos.events(videoId)).map(event => event.type)

test('an edit reaches everyone, with its span and its mentions, and says when it was', async () => {
  using met = await enter('Ada', 'Ben')
  const [ada, ben] = met.rooms as [Room, Room]
  const sent = await ada.send({
    body: 'lokk here',
    atSeconds: 3,
    endSeconds: 5,
    mentions: [ben.memberId, ben.memberId],
  })
  assert.deepEqual([sent.atSeconds, sent.endSeconds, sent.mentions, sent.editedAt], [3, 5, [ben.memberId], null])
  const edited = await ada.edit(sent.id, { body: 'look here', endSeconds: 6.5 })
  assert.deepEqual([edited.body, edited.atSeconds, edited.endSeconds], ['look here', 3, 6.5])
  assert.ok(edited.editedAt)
  await until('Ben sees it', () => shown(ben, sent.id)?.body === 'look here')
  assert.deepEqual(shown(ben, sent.id), edited)
  const nowhere = await ada.edit(sent.id, { atSeconds: null, mentions: [] })
  assert.deepEqual([nowhere.atSeconds, nowhere.endSeconds, nowhere.mentions], [null, null, []])
  assert.deepEqual((await app.rushes.videos.messages(met.videoId)).items, [nowhere])
})

test('an edit that changes nothing tells nobody', async () => {
  using met = await enter('Ada')
  const [ada] = met.rooms as [Room]
  const sent = await ada.send({ body: 'as it is', atSeconds: 1 })
  assert.deepEqual(await ada.edit(sent.id, { body: 'as it is', atSeconds: 1 }), sent)
  assert.equal((await typesOf(met.videoId)).filter(type => type === 'message.edited').length, 0)
})

test('only the author edits and deletes; others, other rooms and what is gone are refused', async () => {
  using met = await enter('Ada', 'Ben')
  using elsewhere = await enter('Ada')
  const [ada, ben] = met.rooms as [Room, Room]
  const sent = await ada.send({ body: 'mine', atSeconds: 4 })
  await assert.rejects(ben.edit(sent.id, { body: 'his' }), { code: 'message.not_yours' })
  await assert.rejects(ben.delete(sent.id), { code: 'message.not_yours' })
  const other = elsewhere.rooms[0] as Room
  await assert.rejects(other.edit(sent.id, { body: 'from afar' }), { code: 'message.not_found' })
  await assert.rejects(other.react(sent.id, '👍'), { code: 'message.not_found' })
  await assert.rejects(ada.edit(sent.id, { endSeconds: 3 }), { code: 'request.invalid' })
  await assert.rejects(ada.edit(sent.id, { body: 'x'.repeat(4001) }), /4000 characters at most/)
  const question = await ada
    .ask('What is it?')
    .message()
    .catch(() => null)
  assert.equal(question, null, 'nothing can be asked of a film that is not there')
  const asked = await until('the question', () => ada.messages.find(message => message.kind === 'question'))
  await assert.rejects(ada.edit(asked.id, { body: 'another' }), { code: 'request.invalid' })
  await ada.delete(asked.id)
  await ada.delete(sent.id)
  await assert.rejects(ada.delete(sent.id), { code: 'message.not_found' })
  assert.deepEqual((await app.rushes.videos.messages(met.videoId)).items, [])
})

test('of a deleted message the log keeps no word, its numbers stay gapless, and replies stay', async () => {
  using met = await enter('Ada', 'Ben')
  const [ada, ben] = met.rooms as [Room, Room]
  const secret = await ada.send({ body: 'the password is swordfish', mentions: [ben.memberId] })
  await ada.edit(secret.id, { body: 'the passwort is swordfish' })
  await ben.react(secret.id, '🙈')
  const reply = await ben.send({ body: 'do not say that', replyTo: secret.id })
  await ada.delete(secret.id)
  await until('Ben sees it go', () => !shown(ben, secret.id))
  const events = await app.rushes.videos.events(met.videoId)
  assert.ok(!/swordfish|🙈/.test(JSON.stringify(events)))
  assert.deepEqual(
    events.map(event => event.seq),
    events.map((_, index) => index + 1),
  )
  assert.deepEqual(
    events.map(event => event.type).filter(type => type.startsWith('message.')),
    ['message.created', 'message.edited', 'message.reacted', 'message.created', 'message.deleted'],
  )
  assert.deepEqual((await app.rushes.videos.messages(met.videoId)).items, [reply])
  assert.equal(reply.replyTo, secret.id)
})

test('whoever was away when it was deleted ends without the message', async () => {
  using met = await enter('Ada', 'Ben')
  const [ada, ben] = met.rooms as [Room, Room]
  const before = await ada.send({ body: 'seen by Ben' })
  await until('Ben has it', () => shown(ben, before.id))
  const restarted = app.restart()
  const during = ada.send({ body: 'not seen by Ben' })
  app = await restarted
  await during
  await ada.delete(before.id)
  await ada.delete((await during).id)
  const last = await ada.send({ body: 'the end' })
  // The newest are there at once, and then what happened before them.
  await until('Ben is back', () => shown(ben, last.id))
  await until('Ben knows what was deleted', () => ben.seq >= ada.seq)
  assert.deepEqual(
    ben.messages.map(message => message.body),
    ['the end'],
  )
})

test('reactions of several people at once are all kept, in order, and each counts once', async () => {
  using met = await enter('Ada', 'Ben', 'Cleo', 'Dan')
  const rooms = met.rooms as [Room, Room, Room, Room]
  const sent = await rooms[0].send({ body: 'good?' })
  await Promise.all(rooms.flatMap(room => ['👍', '❤️', '👍'].map(emoji => room.react(sent.id, emoji))))
  await until('all see them', () =>
    rooms.every(room => shown(room, sent.id)?.reactions.flatMap(r => r.people).length === 8),
  )
  for (const room of rooms) assert.deepEqual(shown(room, sent.id)?.reactions, shown(rooms[0], sent.id)?.reactions)
  const everyone = rooms.map(room => room.memberId).sort()
  for (const { people } of shown(rooms[0], sent.id)?.reactions ?? [])
    assert.deepEqual(people.map(person => person.id).sort(), everyone)
  assert.equal((await typesOf(met.videoId)).filter(type => type === 'message.reacted').length, 8)

  await rooms[1].react(sent.id, '❤️', false)
  const left = await rooms[1].react(sent.id, '❤️', false)
  assert.equal(left.reactions.find(({ emoji }) => emoji === '❤️')?.people.length, 3)
  assert.equal((await typesOf(met.videoId)).filter(type => type === 'message.reacted').length, 9)
})

test('a message takes 20 different emojis, and nothing that is none', async () => {
  using met = await enter('Ada')
  const [ada] = met.rooms as [Room]
  const sent = await ada.send({ body: 'everything' })
  const emojis = Array.from({ length: 21 }, (_, n) => String.fromCodePoint(0x1f600 + n))
  for (const emoji of emojis.slice(0, 20)) await ada.react(sent.id, emoji)
  await assert.rejects(ada.react(sent.id, emojis[20] ?? ''), /20 different emojis/)
  assert.equal((await ada.react(sent.id, emojis[0] ?? '')).reactions.length, 20)
  await assert.rejects(ada.react(sent.id, 'ok'), { code: 'request.invalid' })
  for (const none of ['👍👍', 'a', '🇩', 'x\u20e3', '👍x', '\u200d👍', `😀${'\u0301'.repeat(20)}`])
    await assert.rejects(ada.react(sent.id, none), { code: 'request.invalid' }, none)
})

test('on two servers at once no reaction is lost', {
  skip: !process.env.RUSHES_TEST_DATABASE_URL && 'only a PostgreSQL server can be shared (RUSHES_TEST_DATABASE_URL)',
}, async () => {
  await using other = await startTestApp({ env: { ...app.env, PORT: '0', ROLE: 'api' } })
  const videoId = await emptyRoom(app)
  const rooms = await Promise.all(Array.from({ length: 8 }, (_, n) => enterAs(n % 2 ? other : app, `p${n}`, videoId)))
  const sent = await app.rushes.videos.say(videoId, { body: 'good?' })
  await Promise.all(rooms.map(room => room.react(sent.id, '👍')))
  const { items } = await app.rushes.videos.messages(videoId)
  assert.equal(items[0]?.reactions[0]?.people.length, 8)
  for (const room of rooms) room.leave()
})
