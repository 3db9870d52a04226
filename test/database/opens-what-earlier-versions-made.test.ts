import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { type Room, RushesError, type Video } from '../../client-sdk/src/index.ts'
import type { App } from '../../server/app.ts'
import { assertStill } from '../fixtures/assert-still.ts'
import { finishUploads } from '../fixtures/finish-uploads.ts'
import { untilSettled } from '../fixtures/making/bring-films.ts'
import { countJobs, describeRoom, describeServer, summed } from '../fixtures/making/describe.ts'
import { clientOf, enter } from '../fixtures/making/people.ts'
import type { Manifest, WorldKind } from '../fixtures/manifest.ts'
import { readMigrations } from '../fixtures/migrations.ts'
import { fixtures, kinds, missing, type OpenedFixture, openFixture } from '../fixtures/open-fixture.ts'
import { readAllTables } from '../fixtures/read-all-tables.ts'

/** Version 0.1.0 called its jobs after their domains; now a stage's job has the name of the stage. */
const kindNow = (kind: string): string => {
  const [, name = kind] = kind.split('.')
  return { transcribe: 'transcript', index: 'search' }[name] ?? name
}
const failed = (code: string) => (fault: unknown) => fault instanceof RushesError && fault.code === code

for (const version of fixtures) {
  for (const kind of kinds) describe(`${version}, ${kind}`, { skip: missing }, () => opensWith(version, kind))
}

/** In order: what is there is looked at before anything is added to it. */
function opensWith(version: string, kind: WorldKind): void {
  let fixture: OpenedFixture
  let server: App
  let then: Manifest
  const rooms: Room[] = []
  before(async () => {
    fixture = await openFixture(version, kind)
    then = fixture.manifest
    await start()
  })
  after(async () => {
    for (const room of rooms) room.leave()
    await stop()
    await fixture?.[Symbol.asyncDispose]()
  })

  let isRunning = false
  const start = async (env?: Record<string, string>) => {
    server = await fixture.start(env)
    isRunning = true
  }
  const stop = async () => {
    if (isRunning) await server.stop()
    isRunning = false
  }
  const place = () => {
    const at = { url: server.url, key: then.keys.made }
    return { ...at, rushes: clientOf(at, 'whoever opens it') }
  }
  const comeBack = async (name: string) => {
    const room = await enter(place(), name, then.unread.videoId)
    rooms.push(room)
    return room
  }
  const callWith = (key: string) => clientOf({ url: server.url, key }, 'somebody').videos.list()
  const opened = async (address: string) => {
    const answer = await fetch(address, { headers: { range: 'bytes=0-9' } })
    return answer.status === 206 ? 'opened' : ((await answer.json()) as { error: { code: string } }).error.code
  }

  test('films, talk, numbers, transcripts and scenes are as they were, and every stored byte', async () => {
    const now = await describeServer(place())
    const known = new Set<string>(then.videos.map(({ id }) => id))
    const ofKnown = (items: { videoId: string }[]) => items.filter(({ videoId }) => known.has(videoId))
    assertStill(now.videos.filter(({ id }) => known.has(id)).map(lasting), then.videos.map(lasting), 'videos')
    for (const part of ['rooms', 'transcripts', 'scenes'] as const) assertStill(ofKnown(now[part]), then[part], part)
    const media = new Map(now.media.map(({ path, ...bytes }) => [path, bytes]))
    for (const { path, ...bytes } of then.media) assert.deepEqual(media.get(path), bytes, path)
  })

  test('what was deleted stays deleted; what became of uploads is known', async () => {
    const { videos } = place().rushes
    for (const id of then.gone) await assert.rejects(videos.get(id), failed('video.not_found'))
    for (const { id, status, videoId } of then.uploads) {
      const state = await videos.uploadState(id)
      assert.deepEqual([state.status, state.video?.id ?? null], [status, videoId])
    }
  })

  test('a key that was made opens, and nothing else does', async () => {
    await callWith(then.keys.made)
    await assert.rejects(callWith(`${then.keys.made}x`), failed('auth.invalid'))
    assert.equal((await fetch(`${server.url}/api/videos`)).status, 401)
  })

  test('the key that was configured then opens nothing while it is not configured', async () => {
    await assert.rejects(callWith(then.keys.configured), failed('auth.invalid'))
  })

  test('an address of media that was signed then is known, and long expired; one that is signed now opens', async () => {
    const { videoId, token } = then.keys.media
    const signedThen = `${server.url}/api/videos/${videoId}/stream?token=${token}`
    assert.equal(await opened(signedThen), 'auth.expired')
    assert.equal(await opened((await place().rushes.videos.signedUrls(videoId)).stream), 'opened')
  })

  test('who comes back finds what is unread, is the same person, and says the same thing once', async () => {
    const { videoId, name, unread } = then.unread
    const back = await comeBack(name)
    assertStill(back.unread, unread, 'unread')

    const known = then.rooms.find(room => room.videoId === videoId)
    const mine = known?.messages.find(({ clientId }) => clientId === 'a-1')
    assert.ok(known && mine)
    const ada = await comeBack('Ada')
    assert.equal(ada.memberId, mine.authorId)
    assert.equal((await ada.send({ body: mine.body, clientId: 'a-1' })).id, mine.id)
    const said = await ada.send({ body: 'Years later.', clientId: 'later', replyTo: mine.id })
    await ada.edit(mine.id, { body: 'Look at her hands!' })
    const news = await place().rushes.videos.events(videoId, known.seq)
    assert.deepEqual(
      news.map(({ seq, type }) => [seq, type]),
      [
        [known.seq + 1, 'message.created'],
        [known.seq + 2, 'message.edited'],
      ],
    )
    assert.ok(JSON.stringify(news[0]?.payload).includes(said.id))
    const late = await place().rushes.videos.events(videoId, known.seq - 3)
    assert.deepEqual(
      late.map(({ seq }) => seq),
      [-2, -1, 0, 1, 2].map(step => known.seq + step),
    )
  })

  test('what was said in a film is found, and a question is answered by it', async () => {
    const { videoId, q, startSeconds } = then.said
    const { rushes } = place()
    assert.equal((await rushes.videos.search(videoId, q)).hits[0]?.startSeconds, startSeconds)
    assert.ok((await rushes.search(q)).hits.some(hit => hit.videoId === videoId))
    const answer = await rushes.videos.ask(videoId, 'What fell into the river?').message()
    assert.equal(answer.citations[0]?.startSeconds, startSeconds)
  })

  test('what was waited for is taken, what was under way is ended, and no work of then is done again', async () => {
    const { rushes } = place()
    const { underWay } = then
    const films = underWay
      ? new Map([['under-way.mp4', await rushes.videos.untilReady(underWay)]])
      : await finishUploads(place(), fixture)
    for (const [film, { id, checksum }] of films) {
      const bytes = await fixture.film(film)
      assert.equal(checksum, `sha256:${summed(bytes).sha256}`)
      const { stream } = await rushes.videos.signedUrls(id)
      assert.deepEqual(summed(Buffer.from(await (await fetch(stream)).arrayBuffer())), summed(bytes))
      await untilSettled(rushes, id)
    }
    // Jobs are taken in turn: what had been asked for anew would have been done before these.
    const done = await countJobs(place())
    assert.ok(Object.keys(done).length > 0)
    for (const kind of then.jobs.map(kindNow)) assert.ok((done[kind] ?? 0) <= films.size, `${kind}: ${done[kind]}`)
  })

  // The folder of a killed server is opened again below, where its tables are read: that is enough of it.
  const opensAgain = kind !== 'embedded-killed'
  if (opensAgain)
    test('it opens again, with the other key when that is configured, and with all that came since', async () => {
      const seen = await Promise.all(then.videos.map(({ id }) => describeRoom(place().rushes, id)))
      await stop()
      await start({ RUSHES_API_KEY: then.keys.configured })
      await callWith(then.keys.configured)
      assertStill(await Promise.all(then.videos.map(({ id }) => describeRoom(place().rushes, id))), seen, 'rooms')
    })

  test('its migrations were the first of those of today, which have all run, and every table can be read', async () => {
    await stop()
    const { applied, counts } = await readAllTables(fixture)
    const today = await readMigrations()
    assert.deepEqual(today.slice(0, then.migrations.length), then.migrations)
    assert.deepEqual(
      applied,
      today.map(({ sha256 }) => sha256),
    )
    assert.ok((counts.videos ?? 0) >= then.videos.length)
    assert.ok((counts.passages ?? 0) > 0 && (counts.read_marks ?? 0) > 0)
  })
}

/** How far its making is may be told in other stages later; what became of it may not. */
const lasting = ({ progress: _stages, updatedAt: _at, ...rest }: Video) => rest
