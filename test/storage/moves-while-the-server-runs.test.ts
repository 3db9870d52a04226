import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { createRushes } from '../../client-sdk/src/index.ts'
import { makeFilm } from '../support/make-film.ts'
import { type S3Server, startS3Server } from '../support/s3-server.ts'
import { type ServerProcess, startServerProcess } from '../support/server-process.ts'
import { testDatabase } from '../support/test-database.ts'
import { until } from '../support/until.ts'

const cli = new URL('../../scripts/rushes.ts', import.meta.url).pathname

let s3: S3Server
let directory: string
let server: ServerProcess | undefined
let database: Awaited<ReturnType<typeof testDatabase>>
let env: Record<string, string>
/** What the films' bytes are, by the videos' ids. */
const sums = new Map<string, string>()

before(async () => {
  s3 = await startS3Server()
  directory = await mkdtemp(join(tmpdir(), 'rushes-move-'))
  database = await testDatabase(directory)
  env = {
    ...{ PATH: process.env.PATH ?? '', TMPDIR: tmpdir(), PORT: '0', DATA_DIR: directory, TRANSCRIBER: 'none' },
    ...{ HLS_LADDER: 'off', ...s3.env, ...database.env },
  }
})
after(async () => {
  await server?.stop()
  await database.drop()
  await s3[Symbol.asyncDispose]()
  await rm(directory, { recursive: true, force: true })
})

/** The server, started again with this store. */
async function serve(storage: 'disk' | 's3'): Promise<ServerProcess> {
  await server?.stop()
  server = await startServerProcess({ ...env, STORAGE: storage })
  return server
}

function migrate(to: 'disk' | 's3', ...options: string[]) {
  const child = spawn(process.execPath, [cli, 'storage', 'migrate', '--to', to, ...options], {
    env: { ...env, STORAGE: to },
  })
  let said = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', chunk => (said += chunk))
  const ended = once(child, 'exit').then(([code]) => ({ code: code as number | null, said }))
  return { child, ended }
}

async function upload({ url }: ServerProcess, name: string, seconds: number): Promise<string> {
  const rushes = createRushes({ url })
  const { id } = await rushes.videos.upload(await makeFilm(join(directory, name), { seconds }))
  await rushes.videos.untilReady(id)
  // The scenes come after that, and leave a file too.
  await until('there are scenes', async () => (await rushes.videos.get(id)).links.scenes)
  sums.set(id, (await sumOf({ url }, id)) ?? '')
  return id
}

async function sumOf({ url }: { url: string }, id: string): Promise<string | null> {
  const answer = await fetch(`${url}/api/videos/${id}/stream?rendition=original`)
  if (!answer.ok) return null
  return createHash('sha256')
    .update(Buffer.from(await answer.arrayBuffer()))
    .digest('hex')
}

/** Films, their pictures and their storyboards: wherever they lie by now. */
async function everythingPlays(from: ServerProcess): Promise<void> {
  for (const [id, sum] of sums) {
    assert.equal(await sumOf(from, id), sum)
    for (const path of ['thumbnail', 'storyboard.vtt', 'storyboard.jpg', 'thumbnail?t=0.5'])
      assert.equal((await fetch(`${from.url}/api/videos/${id}/${path}`)).status, 200, path)
  }
}

async function filesOnDisk(): Promise<string[]> {
  const entries = await readdir(join(directory, 'blobs'), { recursive: true, withFileTypes: true })
  return entries.filter(entry => entry.isFile() && !entry.parentPath.includes('/.')).map(entry => entry.name)
}

test('films move to the object store and back while the server runs, through a kill on the way', {
  timeout: 240_000,
}, async () => {
  const onDisk = await serve('disk')
  const first = await upload(onDisk, 'first.mp4', 3)
  const second = await upload(onDisk, 'second.mp4', 4)
  const count = (await filesOnDisk()).length

  // The server would not look there: it is refused.
  const early = spawn(process.execPath, [cli, 'storage', 'migrate', '--to', 's3'], { env: { ...env, STORAGE: 'disk' } })
  early.stderr.resume()
  assert.equal((await once(early, 'exit'))[0], 1)

  const onS3 = await serve('s3')
  await everythingPlays(onS3)
  // Pictures that were cut since are stored there.
  const there = await s3.objects()
  const plan = await migrate('s3', '--dry-run', '--json').ended
  assert.equal(plan.code, 0, plan.said)
  assert.match(plan.said, new RegExp(`"missing":{"files":${count},`))
  assert.deepEqual(await s3.objects(), there)

  // One PUT that never ends, so that the kill comes in the middle of a file.
  await s3.fail({ method: 'PUT', part: `originals/${sums.get(second)}/film`, times: 1, delayMs: 60_000 })
  await s3.seen()
  const killed = migrate('s3')
  await until('it is in the middle', async () =>
    (await s3.seen()).some(({ method, url }) => method === 'PUT' && url.includes(`originals/${sums.get(second)}/film`)),
  )
  killed.child.kill('SIGKILL')
  await killed.ended
  await everythingPlays(onS3)

  // A film comes, another goes, and the move goes on.
  const third = await upload(onS3, 'third.mp4', 2)
  await createRushes({ url: onS3.url }).videos.delete(first)
  sums.delete(first)
  const again = await migrate('s3').ended
  assert.equal(again.code, 0, again.said)
  assert.match(again.said, /files copied and read back/)
  assert.deepEqual(await filesOnDisk(), [])
  await everythingPlays(onS3)
  const names = await s3.objects()
  const theirs = [second, third].flatMap(id => [id, `originals/${sums.get(id)}/`])
  assert.ok(names.every(name => theirs.some(part => name.includes(part))))

  const backOnDisk = await serve('disk')
  await everythingPlays(backOnDisk)
  const back = await migrate('disk').ended
  assert.equal(back.code, 0, back.said)
  assert.deepEqual(await s3.objects(), [])
  await everythingPlays(backOnDisk)
  assert.deepEqual((await filesOnDisk()).length >= names.length, true)
})

test('it says what it can not do, and how to call it', async () => {
  const [help, unknown, down] = await Promise.all([
    migrate('s3', '--help').ended,
    migrate('s3', '--fast').ended,
    (async () => {
      const child = spawn(process.execPath, [cli, 'storage', 'migrate', '--to', 's3'], {
        env: { ...env, STORAGE: 's3', DATA_DIR: join(directory, 'other'), S3_ENDPOINT: 'http://127.0.0.1:9' },
      })
      let said = ''
      child.stderr.on('data', chunk => (said += chunk))
      const [code] = await once(child, 'exit')
      return { code, said }
    })(),
  ])
  assert.equal(help.code, 0)
  assert.match(help.said, /usage: rushes storage migrate/)
  assert.equal(unknown.code, 2)
  assert.equal(down.code, 1)
  assert.match(down.said, /can not be used/)
})
