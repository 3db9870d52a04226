import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import type { Message } from '../../client-sdk/src/index.ts'
import { createRoomStore } from '../../client-sdk/src/react/room-store.ts'
import { RushesError } from '../../client-sdk/src/rushes-error.ts'
import { emptyRoom, enterAs } from '../support/people.ts'
import { startTestApp, until } from '../support/start-test-app.ts'

// What the React hooks of a room read, on a real server, without anything that draws.
const app = await startTestApp()
after(() => app[Symbol.asyncDispose]())

async function enter(videoId: string) {
  const { store, actions, join } = createRoomStore(app.rushes, videoId)
  const leave = join('Ada')
  await until('the room is joined', () => store.get().phase === 'joined')
  const bodies = () => store.get().messages.map(message => message.body)
  const find = (body: string): Message => {
    const message = store.get().messages.find(each => each.body === body)
    return message ?? assert.fail(`there is no “${body}”`)
  }
  return { store, actions, join, leave, bodies, find }
}

const code = (expected: string) => (fault: unknown) => fault instanceof RushesError && fault.code === expected

test('what is said is pending at once, and a message once it is stored', async () => {
  const { store, actions, bodies, leave } = await enter(await emptyRoom(app))
  actions.send({ body: 'Hello' })
  assert.deepEqual(
    store.get().pending.map(item => item.body),
    ['Hello'],
  )
  await until('it is stored', () => bodies().includes('Hello'))
  assert.deepEqual(store.get().pending, [])
  leave()
})

test('an edit shows at once, and is put back when it is refused', async () => {
  const videoId = await emptyRoom(app)
  const { actions, bodies, find, leave } = await enter(videoId)
  const ben = await enterAs(app, 'Ben', videoId)
  await ben.send({ body: 'Mine' })
  await until('it came', () => bodies().includes('Mine'))
  const refused = actions.edit(find('Mine').id, { body: 'Yours' })
  assert.deepEqual(bodies(), ['Yours'])
  await assert.rejects(refused, code('message.not_yours'))
  assert.deepEqual(bodies(), ['Mine'])
  ben.leave()
  leave()
})

test('an own edit never shows the old words again, and what others see is the same', async () => {
  const videoId = await emptyRoom(app)
  const { store, actions, bodies, find, leave } = await enter(videoId)
  const ben = await enterAs(app, 'Ben', videoId)
  actions.send({ body: 'Frist' })
  await until('it is stored', () => bodies().includes('Frist'))
  const shown = new Set<string>()
  const editing = actions.edit(find('Frist').id, { body: 'First' })
  const stop = store.subscribe(() => shown.add(bodies().join()))
  await editing
  await until('Ben has it', () => ben.messages.some(message => message.body === 'First'))
  await until('the log has it', () => ben.seq === store.get().room?.seq)
  stop()
  assert.deepEqual(
    [...shown].filter(body => body !== 'First'),
    [],
  )
  ben.leave()
  leave()
})

test('a reaction is there at once, and taken back by the same call', async () => {
  const { store, actions, bodies, find, leave } = await enter(await emptyRoom(app))
  actions.send({ body: 'Look' })
  await until('it is stored', () => bodies().includes('Look'))
  const { id } = find('Look')
  const chosen = () => find('Look').reactions.map(({ emoji, people }) => `${emoji}${people.map(person => person.name)}`)
  const adding = actions.react(id, '🎬')
  assert.deepEqual(chosen(), ['🎬Ada'])
  await adding
  const taking = actions.react(id, '🎬')
  assert.deepEqual(chosen(), [])
  await taking
  assert.equal(store.get().room?.messages.at(-1)?.reactions.length, 0)
  leave()
})

test('a deletion is undone in time, or goes out when the room is left', async () => {
  const videoId = await emptyRoom(app)
  const { actions, bodies, find, leave } = await enter(videoId)
  const ben = await enterAs(app, 'Ben', videoId)
  actions.send({ body: 'Gone?' })
  await until('it is stored', () => bodies().includes('Gone?') && ben.messages.length === 1)
  const { id } = find('Gone?')
  const removal = actions.remove(id, { undoMs: 60_000 })
  assert.deepEqual(bodies(), [])
  removal.undo()
  await removal.done
  assert.deepEqual(bodies(), ['Gone?'])
  void actions.remove(id, { undoMs: 60_000 })
  leave()
  await until('it is gone for Ben', () => ben.messages.length === 0)
  ben.leave()
})

test('what has not changed stays the very same, so that nobody draws it again', async () => {
  const videoId = await emptyRoom(app)
  const { store, bodies, leave } = await enter(videoId)
  const ben = await enterAs(app, 'Ben', videoId)
  await until('Ben is here', () => store.get().others.length === 1)
  const before = store.get()
  await ben.send({ body: 'Hello' })
  await until('it came', () => bodies().includes('Hello'))
  assert.notEqual(store.get().messages, before.messages)
  assert.equal(store.get().others, before.others)
  const said = store.get()
  ben.playhead({ atSeconds: 12, playing: false })
  await until('he is seen there', () => store.get().others[0]?.playhead?.atSeconds === 12)
  assert.equal(store.get().messages, said.messages)
  ben.leave()
  leave()
})

test('what is said under a new name waits until the room is joined under it', async () => {
  const { store, actions, join, bodies } = await enter(await emptyRoom(app))
  actions.send({ body: 'By Grace', author: 'Grace' })
  actions.send({ body: 'By Ada' })
  await until('what can be said is said', () => bodies().includes('By Ada'))
  assert.deepEqual(
    store.get().pending.map(item => item.body),
    ['By Grace'],
  )
  const leave = join('Grace')
  await until('it is said', () => bodies().includes('By Grace'))
  const authors = store.get().messages.map(({ author, body }) => `${author}: ${body}`)
  assert.deepEqual(authors, ['Ada: By Ada', 'Grace: By Grace'])
  leave()
})
