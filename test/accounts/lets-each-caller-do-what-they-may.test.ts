import assert from 'node:assert/strict'
import { once } from 'node:events'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { WebSocket } from 'ws'
import { createRushes, type RushesError } from '../../client-sdk/src/index.ts'
import { type Caller, localCaller } from '../../server/platform/caller.ts'
import type { Authenticate } from '../../server/platform/http/index.ts'
import { lastingPermit } from '../../server/platform/permit.ts'
import {
  allScopes,
  defineRoutes,
  type Role,
  type Route,
  roleScopes,
  routes,
  type Scope,
  type SocketRequestName,
  socketRequests,
  type VideoId,
  videoStream,
} from '../../shared/index.ts'
import { makeFilm } from '../support/make-film.ts'
import { emptyRoom } from '../support/people.ts'
import { fittingPayloads } from '../support/socket-payloads.ts'
import { startTestApp, type TestApp, until } from '../support/start-test-app.ts'
import { connectSocketIo, plainAddress } from './every-door.ts'

const callers = new Map<string, Caller>()
/** Those of the map by their tokens; all others as ever. */
const admit =
  (ours: Authenticate): Authenticate =>
  async shown =>
    callers.get(shown.token ?? '') ?? ours(shown)

let app: TestApp
let film: string
let other: string
before(async () => {
  app = await startTestApp({ env: { TRANSCRIBER: 'none' }, around: { admit } })
  film = (await app.rushes.videos.upload(await makeFilm(join(app.dataDirectory, 'film.mp4'), { seconds: 1 }))).id
  other = await emptyRoom(app)
  await app.rushes.videos.untilReady(film)
  const of = (kind: Caller['kind'], scopes: ReadonlySet<Scope>): Caller => ({
    ...{ ...localCaller(lastingPermit), kind, id: 'an-id', name: 'Ada of the token', scopes },
  })
  const stream = videoStream(film as VideoId)
  for (const role of ['viewer', 'commenter', 'editor'] as const)
    callers.set(role, { ...of('room', roleScopes[role]), stream })
  callers.set('all of one room', { ...of('room', allScopes), stream })
  callers.set('nothing', of('key', new Set()))
  callers.set('reader', of('key', new Set(['read'])))
  callers.set('uploader', of('key', new Set(['upload'])))
})
after(() => app[Symbol.asyncDispose]())

const bearer = (token: string) => ({ authorization: `Bearer ${token}` })
const outcomeOf = async (response: Response): Promise<string> => {
  if (response.ok) return (await response.body?.cancel()) ?? 'ok'
  return ((await response.json()) as { error: { code: string } }).error.code
}
/** A request that is none but for its address: what may pass is told apart by its failure. */
const knock = async (token: string, { method, path }: Pick<Route, 'method' | 'path'>, id: string) =>
  outcomeOf(await fetch(app.url + path.replace(':id', id), { method, headers: bearer(token) }))

test('every route wants a scope or says that it wants none, and is closed to whoever has none', async () => {
  for (const [name, route] of Object.entries(routes)) {
    const outcome = await knock('nothing', route, film)
    if (route.scope === 'anyone') assert.notEqual(outcome, 'auth.forbidden', name)
    else assert.equal(outcome, 'auth.forbidden', name)
  }
  // @ts-expect-error: a route without a scope does not compile.
  defineRoutes({ 'videos.forgotten': { method: 'GET', path: '/api/forgotten', summary: 'Forgotten' } })
  const upload = { method: 'POST', headers: { ...bearer('nothing'), 'tus-resumable': '1.0.0', 'upload-length': '10' } }
  assert.equal(await outcomeOf(await fetch(`${app.url}/api/uploads/resumable`, upload)), 'auth.forbidden')
  const may = { ...upload, headers: { ...upload.headers, ...bearer('uploader') } }
  assert.equal(await outcomeOf(await fetch(`${app.url}/api/uploads/resumable`, may)), 'ok')
  const document = await (await fetch(`${app.url}/openapi.json`)).json()
  assert.equal(document.paths['/api/videos/{id}'].patch['x-scope'], 'edit')
  assert.equal(document.paths['/api/uploads/resumable'].post['x-scope'], 'upload')
})

test('the failure says which scope is wanted', async () => {
  const rushes = createRushes({ url: app.url, token: 'reader' })
  assert.equal((await rushes.videos.get(film)).id, film)
  await assert.rejects(rushes.videos.rename(film, 'Mine'), { code: 'auth.forbidden', details: { scope: 'edit' } })
  await assert.rejects(rushes.videos.list(), { status: 403, details: { scope: 'library' } })
  const room = await rushes.rooms.join(film)
  await assert.rejects(room.send({ body: 'hello' }), { code: 'auth.forbidden', details: { scope: 'talk' } })
  room.leave()
  assert.deepEqual((await app.rushes.videos.messages(film)).items, [])
})

test('the film is for whoever may play it', async () => {
  const stream = routes['videos.stream']
  // Twice: what was found out a moment ago is at hand for those alone who may have it.
  for (const _ of [1, 2]) {
    assert.equal(await knock('viewer', stream, film), 'ok')
    assert.equal(await knock('viewer', stream, film.toUpperCase()), 'ok')
    assert.equal(await knock('reader', stream, film), 'auth.forbidden')
    assert.equal(await knock('viewer', stream, other), 'auth.forbidden')
  }
})

test('whoever is here for one room asks about no other, and about nothing beyond it, at any door', async () => {
  const token = 'all of one room'
  for (const [name, route] of Object.entries(routes)) {
    if (route.scope === 'anyone') continue
    assert.equal(await knock(token, route, other), 'auth.forbidden', name)
  }
  for (const name of ['videos.get', 'videos.events', 'videos.messages'] as const)
    assert.equal(await knock(token, routes[name], film), 'ok', name)
  const mediaToken = (query: string) => fetch(`${app.url}/api/media-token${query}`, { headers: bearer(token) })
  assert.equal(await outcomeOf(await mediaToken('')), 'auth.forbidden')
  assert.equal(await outcomeOf(await mediaToken(`?videoId=${other}`)), 'auth.forbidden')
  assert.equal(await outcomeOf(await mediaToken(`?videoId=${film}`)), 'ok')

  const socket = connectSocketIo(app.url, { token })
  await once(socket as never, 'connect')
  for (const [name, payload] of Object.entries(fittingPayloads(other))) {
    const { about } = socketRequests[name as SocketRequestName]
    const code = (await socket.emitWithAck(name, payload)).error?.code
    if (about === 'room' || about === 'library') assert.equal(code, 'auth.forbidden', name)
    else assert.notEqual(code, 'auth.forbidden', name)
  }
  assert.equal((await socket.emitWithAck('room.join', { videoId: film })).ok, true)
  assert.equal((await socket.emitWithAck('room.replay', { videoId: film, since: 0 })).ok, true)
  socket.close()
  const plain = new WebSocket(plainAddress(app.url, other, token))
  const [code, reason] = await once(plain, 'close')
  assert.deepEqual([code, String(reason)], [1008, 'auth.forbidden'])
})

test('each role may do in its room what the contract says, and is called as its token says', async () => {
  const place = { videoId: film, atSeconds: 0, playing: false, rate: 1 }
  const asked: [SocketRequestName, object][] = [
    ['room.replay', { videoId: film, since: 0 }],
    ['playhead.set', place],
    ['playback.follow', { videoId: film, following: true }],
    ['message.send', { videoId: film, clientId: 'once', body: 'hello' }],
    ['typing.set', { videoId: film, typing: true }],
    ['playback.lead', place],
  ]
  const may: Record<Role, number> = { viewer: 3, commenter: 5, editor: 6 }
  for (const [role, count] of Object.entries(may)) {
    const socket = connectSocketIo(app.url, { token: role, name: 'Somebody else' })
    await once(socket as never, 'connect')
    await socket.emitWithAck('room.join', { videoId: film })
    const codes = await Promise.all(
      asked.map(async ([name, payload]) => (await socket.emitWithAck(name, payload)).error?.code ?? 'ok'),
    )
    assert.deepEqual(
      codes,
      asked.map((_, index) => (index < count ? 'ok' : 'auth.forbidden')),
      role,
    )
    socket.close()
  }
  const said = await createRushes({ url: app.url, token: 'commenter' }).videos.say(film, {
    ...{ body: 'By HTTP', author: 'Somebody else' },
  })
  assert.equal(said.author, 'Ada of the token')
  const { items } = await app.rushes.videos.messages(film)
  assert.deepEqual(
    items.map(({ author, body }) => [author, body]),
    [
      ['Ada of the token', 'hello'],
      ['Ada of the token', 'By HTTP'],
    ],
    'by the same token the same clientId is the same message',
  )
})

test('a viewer of a room is told why the library is closed', async () => {
  const { library } = createRushes({ url: app.url, token: 'viewer' })
  const closed: RushesError[] = []
  library.on('closed', reason => closed.push(reason))
  library.on('event', () => {})
  await assert.rejects(library.joined(), { code: 'auth.forbidden' })
  await until('it is closed', () => closed.length === 1)
})
