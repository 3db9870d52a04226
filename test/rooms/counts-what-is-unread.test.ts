// tier: postgres
import assert from 'node:assert/strict'
import { after, afterEach, before, test } from 'node:test'
import { io } from 'socket.io-client'
import type { Room } from '../../client-sdk/src/index.ts'
import { emptyRoom, enterAll } from '../support/people.ts'
import { startTestApp, type TestApp, until } from '../support/start-test-app.ts'

let app: TestApp
before(async () => {
  app = await startTestApp({ env: { TRANSCRIBER: 'none', MESSAGES_PER_SECOND: '0' } })
})
after(() => app[Symbol.asyncDispose]())

const entered: Room[] = []
afterEach(() => {
  for (const room of entered.splice(0)) room.leave()
})
const enter = async <const N extends readonly string[]>(videoId: string, ...names: N) => {
  const rooms = await enterAll(app, videoId, names)
  entered.push(...rooms)
  return rooms
}
const countOf = ({ unread: { messages, mentions } }: Room) => ({ messages, mentions })

test('a newcomer has seen everything; whoever comes back has not seen what was said meanwhile', async () => {
  const videoId = await emptyRoom(app)
  const [ada] = await enter(videoId, 'Ada')
  await ada.send({ body: 'one' })
  const [ben] = await enter(videoId, 'Ben')
  assert.deepEqual(countOf(ben), { messages: 0, mentions: 0 })
  const benId = ben.memberId
  ben.leave()
  await ada.send({ body: 'two', mentions: [benId] })
  const three = await ada.send({ body: 'three' })
  await ada.send({ body: 'four' })
  await ada.delete(three.id)
  const [back] = await enter(videoId, 'Ben')
  assert.equal(back.memberId, benId)
  assert.deepEqual(countOf(back), { messages: 2, mentions: 1 })
  assert.deepEqual(countOf(ada), { messages: 0, mentions: 0 }, 'what one says oneself was seen')
})

test('it grows with what others say, and marking it read holds in every tab and next time', async () => {
  const videoId = await emptyRoom(app)
  const [ada, ben, benToo] = await enter(videoId, 'Ada', 'Ben', 'Ben')
  const heard: number[] = []
  benToo.on('unread', unread => heard.push(unread.messages))
  const one = await ada.send({ body: 'one' })
  const two = await ada.send({ body: 'two', mentions: [ben.memberId] })
  await benToo.send({ body: 'my own, from the other tab' })
  await until('both tabs count', () => [ben, benToo].every(tab => tab.unread.messages === 2))
  assert.deepEqual(countOf(ben), { messages: 2, mentions: 1 })
  await ada.edit(one.id, { mentions: [ben.memberId] })
  await until('the edit speaks to Ben', () => ben.unread.mentions === 2)
  await ada.delete(two.id)
  await until('a deleted one does not count', () => benToo.unread.messages === 1)
  ben.markRead()
  assert.deepEqual(countOf(ben), { messages: 0, mentions: 0 })
  await until('the other tab hears of it', () => benToo.unread.messages === 0)
  assert.equal(benToo.unread.seq, ben.unread.seq)
  assert.deepEqual(heard.slice(0, 2), [1, 2])
  const [third] = await enter(videoId, 'Ben')
  assert.deepEqual(third.unread, ben.unread)
})

test('a mention that is edited into what was seen already makes nothing unread, here or next time', async () => {
  const videoId = await emptyRoom(app)
  const [ada, ben] = await enter(videoId, 'Ada', 'Ben')
  const one = await ada.send({ body: 'one' })
  await until('Ben counts it', () => ben.unread.messages === 1)
  ben.markRead()
  await ada.edit(one.id, { body: 'one, Ben?', mentions: [ben.memberId] })
  const two = await ada.send({ body: 'two' })
  await until('Ben counts the next one', () => ben.unread.messages === 1)
  assert.deepEqual(countOf(ben), { messages: 1, mentions: 0 })
  assert.deepEqual(ben.messages.find(({ id }) => id === one.id)?.mentions, [ben.memberId], 'it is shown all the same')
  ben.leave()
  await ada.edit(two.id, { mentions: [ben.memberId] })
  const [back] = await enter(videoId, 'Ben')
  assert.deepEqual(countOf(back), { messages: 1, mentions: 1 }, 'what is still unread speaks to Ben')
})

test('across a restart of the server nothing is counted twice or forgotten, with a secret and without', async () => {
  const videoId = await emptyRoom(app)
  const [ada, ben] = await enter(videoId, 'Ada', 'Ben')
  const guest = await app.rushes.rooms.join(videoId)
  entered.push(guest)
  await ada.send({ body: 'before' })
  await until('both count', () => ben.unread.messages === 1 && guest.unread.messages === 1)
  const restarted = app.restart()
  const during = ada.send({ body: 'during' })
  app = await restarted
  await during
  await ada.send({ body: 'after' })
  const haveAll = () => [ben, guest].every(room => room.seq === ada.seq && room.unread.messages >= 3)
  await until('both count all', haveAll, 60).catch(cause => {
    const states = [ben, guest].map(({ seq, unread }) => ({ seq, unread }))
    throw new Error(`the log ends at ${ada.seq}; Ben and the guest: ${JSON.stringify(states)}`, { cause })
  })
  assert.deepEqual([countOf(ben).messages, countOf(guest).messages], [3, 3])
})

test('a mark never goes back, nor past the end of the log', async t => {
  const videoId = await emptyRoom(app)
  const [ada] = await enter(videoId, 'Ada')
  for (const body of ['one', 'two', 'three']) await ada.send({ body })
  const connect = (auth = {}) => {
    const socket = io(`${app.url}/rooms`, { forceNew: true, auth })
    t.after(() => socket.close())
    return socket
  }
  const socket = connect({ person: 'a secret that is long enough' })
  const { seq } = await socket.emitWithAck('room.join', { videoId })
  const mark = async (upTo: number) => (await socket.emitWithAck('room.read', { videoId, seq: upTo })).unread
  assert.deepEqual(await mark(1), { seq, messages: 0, mentions: 0 })
  assert.equal((await mark(1_000_000)).seq, seq)
  await ada.send({ body: 'four' })
  assert.deepEqual(await mark(0), { seq, messages: 1, mentions: 0 })
  assert.equal((await mark(2 ** 31 - 1)).seq, seq + 1)
  const stranger = connect()
  assert.equal((await stranger.emitWithAck('room.read', { videoId, seq })).error.code, 'room.not_joined')
})

test('however often something is marked read, the server hears of it once a second', async () => {
  const videoId = await emptyRoom(app)
  const [ada, ben, benToo] = await enter(videoId, 'Ada', 'Ben', 'Ben')
  let told = 0
  benToo.on('read', () => told++)
  ben.on('message.created', () => ben.markRead())
  const began = performance.now()
  for (let n = 0; n < 40; n++) await ada.send({ body: `line ${n}` })
  await until('the other tab is read too', () => benToo.messages.length === 40 && benToo.unread.messages === 0)
  const seconds = (performance.now() - began) / 1000
  assert.ok(told >= 1 && told <= Math.ceil(seconds) + 1, `${told} times in ${seconds} s`)
})
