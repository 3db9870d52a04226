import assert from 'node:assert/strict'
import { afterEach, test } from 'node:test'
import { createRushes } from '../../client-sdk/src/index.ts'
import { createPersonKeys } from '../../client-sdk/src/person-key.ts'
import { listenAsRoom, videoId } from './room-server.ts'

const real = {
  document: globalThis.document,
  localStorage: Object.getOwnPropertyDescriptor(globalThis, 'localStorage'),
}
afterEach(() => {
  Object.assign(globalThis, { document: real.document })
  if (real.localStorage) Object.defineProperty(globalThis, 'localStorage', real.localStorage)
})

/** Of a client that is made now. */
const personKey = (given?: string, name?: string) => createPersonKeys(given)(name)

/** As a page finds it. */
function beBrowser(storage: Partial<Storage>) {
  Object.assign(globalThis, { document: {} })
  Object.defineProperty(globalThis, 'localStorage', { value: storage, configurable: true, writable: true })
}
function keeping(kept = new Map<string, string>()) {
  return {
    kept,
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
  }
}

test('all tabs of a browser are one person, also after a reload', () => {
  const storage = keeping()
  beBrowser(storage)
  const key = personKey()
  assert.ok(key.length >= 16)
  assert.equal(personKey(), key)
  assert.equal(storage.kept.get('rushes.person'), key)
})

test('a browser that keeps nothing has a person for each client', () => {
  const forbid = () => {
    throw new Error('SecurityError')
  }
  beBrowser({ getItem: forbid, setItem: forbid })
  assert.notEqual(personKey(), personKey())
})

test('what is kept and too short to be a secret is replaced', () => {
  beBrowser(keeping(new Map([['rushes.person', 'short']])))
  const key = personKey()
  assert.ok(key.length >= 16)
  assert.equal(personKey(), key)
})

test('a name does not matter in a browser', () => {
  beBrowser(keeping())
  assert.equal(personKey(undefined, 'Ada'), personKey(undefined, 'Ben'))
})

test('outside of browsers each client makes its own, one for each name', async () => {
  assert.equal(personKey('a key that was given', 'Ada'), 'a key that was given')
  assert.notEqual(personKey(undefined, 'Ada'), personKey(undefined, 'Ada'))
  await using server = await listenAsRoom()
  const shown: unknown[] = []
  server.io.on('connection', socket => shown.push(socket.handshake.auth.person))
  const given = createRushes({ url: server.url, person: 'a key that was given' })
  const own = createRushes({ url: server.url })
  const rooms = [await given.rooms.join(videoId)]
  for (const name of ['Ada', 'Ada', 'Ben']) rooms.push(await own.rooms.join(videoId, { name }))
  assert.equal(shown[0], 'a key that was given')
  assert.equal(shown[1], shown[2])
  assert.notEqual(shown[2], shown[3])
  for (const room of rooms) room.leave()
})
