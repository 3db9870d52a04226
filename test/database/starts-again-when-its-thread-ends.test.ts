import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { after, test } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'
import { createRushes, type Message, type Room } from '../../client-sdk/src/index.ts'
import { makeFilm } from '../support/make-film.ts'
import { testDatabase } from '../support/test-database.ts'
import { until } from '../support/until.ts'

const skip = process.env.RUSHES_TEST_DATABASE_URL ? 'it is about the embedded database' : false
const script = new URL('../../server/main.ts', import.meta.url).pathname
const breaking = new URL('./break-the-thread.ts', import.meta.url).href

const folder = await mkdtemp(join(tmpdir(), 'rushes-thread-'))
after(() => rm(folder, { recursive: true, force: true }))
const orders = join(folder, 'break')

interface Said {
  level?: number
  msg?: string
  reason?: string
  url?: string
}

/** A server whose database breaks on order, and what it logs. */
async function startServer() {
  const dataDirectory = await mkdtemp(join(folder, 'data-'))
  await testDatabase(dataDirectory)
  const { PATH = '', TMPDIR = tmpdir() } = process.env
  const env = {
    ...{ PATH, TMPDIR, PORT: '0', DATA_DIR: dataDirectory, TRANSCRIBER: 'none', HLS_LADDER: 'off' },
    ...{ MESSAGES_PER_SECOND: '0', NODE_OPTIONS: `--import=${breaking}`, RUSHES_BREAK: orders },
  }
  const child = spawn(process.execPath, [script], { env, stdio: ['ignore', 'pipe', 'pipe'] })
  const exit = once(child, 'exit')
  const logged: Said[] = []
  createInterface({ input: child.stdout }).on('line', line => logged.push(JSON.parse(line)))
  let errors = ''
  child.stderr.on('data', chunk => {
    errors += chunk
  })
  after(() => child.kill('SIGKILL'))
  await until('it listens', () => logged.some(said => said.url), 120)
  return {
    url: logged.find(said => said.url)?.url ?? '',
    logged,
    exit,
    errors: () => errors,
  }
}

/** Says one thing after another; each until it is acknowledged. */
function talk(room: Room, name: string) {
  const said: Message[] = []
  let isTalking = true
  const sayUntilHeard = async (n: number) => {
    while (isTalking)
      try {
        return void said.push(await room.send({ body: `${name} ${n}`, clientId: `${name} ${n}` }))
      } catch {
        // The database is away: the same once more.
        await delay(50)
      }
  }
  const talking = (async () => {
    for (let n = 0; isTalking; n++) await sayUntilHeard(n)
  })()
  return {
    said,
    async stop() {
      isTalking = false
      await talking
    },
  }
}

test('when its thread ends the server says so once, answers 503 meanwhile, goes on, and has lost nothing; when it does not start again, the process ends in order', {
  skip,
  timeout: 300_000,
}, async () => {
  const server = await startServer()
  const rushes = createRushes({ url: server.url })
  const { id } = await rushes.videos.upload(await makeFilm(join(folder, 'film.mp4'), { seconds: 2 }))
  const rooms = await Promise.all(['Ada', 'Ben', 'Cleo'].map(name => rushes.rooms.join(id, { name })))
  const talkers = rooms.map((room, n) => talk(room, `talker ${n}`))
  const statuses = new Set<number>()
  const asking = setInterval(async () => {
    const response = await fetch(new URL('/api/videos', server.url)).catch(() => null)
    if (response) statuses.add(response.status)
  }, 20)

  for (const way of ['exit', 'throw', 'panic']) {
    await writeFile(orders, way)
    const before = server.logged.length
    const since = () => server.logged.slice(before)
    await until(`it runs again after ${way}`, () => since().some(said => said.msg?.endsWith('runs again')), 90)
    assert.equal(since().filter(said => said.level === 50).length, 1)
    const heard = talkers.map(talker => talker.said.length)
    await until(
      'everybody is heard again',
      () => talkers.every((talker, n) => talker.said.length > (heard[n] ?? 0)),
      30,
    )
  }
  clearInterval(asking)
  await Promise.all(talkers.map(talker => talker.stop()))
  assert.deepEqual([...statuses].sort(), [200, 503])

  const log = await rushes.videos.events(id, 0, { limit: 1000 })
  const newest = log.at(-1)?.seq ?? 0
  await until('everybody has the whole log', () => rooms.every(room => room.seq >= newest))
  const stored = new Set<string>()
  for (let seq = 0; ; ) {
    const page = await rushes.videos.events(id, seq, { limit: 1000 })
    if (page.length === 0) break
    for (const event of page) {
      assert.equal(event.seq, ++seq)
      if (event.type !== 'message.created') continue
      assert.equal(stored.has(event.payload.message.body), false, 'something is stored twice')
      stored.add(event.payload.message.body)
    }
  }
  const lost = talkers.flatMap(({ said }) => said.filter(message => !stored.has(message.body)))
  assert.deepEqual(lost, [])
  const reasons = server.logged.filter(said => said.level === 50).map(said => said.reason)
  assert.match(reasons[0] ?? '', /ended with 3/)
  assert.match(reasons[1] ?? '', /nobody catches it/)
  assert.match(reasons[2] ?? '', /could not fsync/)
  for (const room of rooms) room.leave()

  await writeFile(orders, 'exit for good')
  const [code] = await server.exit
  assert.equal(code, 1)
  assert.match(server.errors(), /The embedded database ended and does not start again/)
})
