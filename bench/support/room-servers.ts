import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { createRushes } from '../../client-sdk/src/index.ts'
import { startRedisServer } from '../../test/support/redis-server.ts'
import { testDatabase } from '../../test/support/test-database.ts'
import { type ServerProcess, startServer } from './server-process.ts'

export interface RoomServers extends AsyncDisposable {
  /** Where the room's log lies. */
  database: string
  rushes: ServerProcess[]
  /** Socket.IO alone, as many. */
  bare: ServerProcess[]
  videoId: string
}

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url))
const nodeArgs = ['--expose-gc', '--import', here('collect-on-signal.ts')]
const run = promisify(execFile)

/** Ours and Socket.IO alone, each as so many processes; several share a Redis, and ours a PostgreSQL. */
export async function startRoomServers(count: number): Promise<RoomServers> {
  await using started = new AsyncDisposableStack()
  const folder = await mkdtemp(join(tmpdir(), 'bench-room-'))
  started.defer(() => rm(folder, { recursive: true, force: true }))
  const database = await testDatabase(folder)
  started.defer(database.drop)
  if (count > 1 && !database.env.DATABASE_URL) throw new Error('Several servers want RUSHES_TEST_DATABASE_URL.')
  const redis = count > 1 ? started.use(await startRedisServer()) : null
  const quiet = { PORT: '0', DATA_DIR: folder, LOG_LEVEL: 'info', TRANSCRIBER: 'none', HLS_LADDER: 'off' }
  const env = { ...quiet, MESSAGES_PER_SECOND: '0', ...database.env, ...(redis && { REDIS_URL: redis.url }) }
  const several = async (command: Parameters<typeof startServer>[0]) => {
    const servers: ServerProcess[] = []
    for (let n = 0; n < count; n++) servers.push(started.use(await startServer({ ...command, nodeArgs })))
    return servers
  }
  const rushes = await several({ script: here('../../server/main.ts'), env })
  const bare = await several({ script: here('bare-broadcast.ts'), args: redis ? [redis.url] : [] })
  const videoId = await uploadFilm(rushes[0]?.url ?? '', folder)
  const running = started.move()
  const kind = database.env.DATABASE_URL ? 'PostgreSQL' : 'the embedded database'
  return { database: kind, rushes, bare, videoId, [Symbol.asyncDispose]: () => running.disposeAsync() }
}

async function uploadFilm(url: string, folder: string): Promise<string> {
  const film = join(folder, 'film.mp4')
  const picture = ['-f', 'lavfi', '-i', 'testsrc2=s=320x180:r=10:d=2', '-pix_fmt', 'yuv420p']
  await run('ffmpeg', ['-v', 'error', ...picture, '-movflags', '+faststart', film])
  const client = createRushes({ url })
  const { id } = await client.videos.upload(film)
  await client.videos.untilReady(id)
  // `ready` does not wait for the scenes, which would take processor time from what is measured.
  while ((await client.videos.get(id)).links.scenes === null) await new Promise(done => setTimeout(done, 100))
  return id
}
