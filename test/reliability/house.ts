import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createRushes } from '../../client-sdk/src/index.ts'
import { freePort } from '../support/free-port.ts'
import { makeFilm } from '../support/make-film.ts'
import { type PostgresServer, startPostgresServer } from '../support/postgres-server.ts'
import { type RedisServer, startRedisServer } from '../support/redis-server.ts'
import { type S3Server, startS3Server } from '../support/s3-server.ts'
import { type ServerProcess, startServerProcess } from '../support/server-process.ts'

/** Two servers in processes of their own, over a PostgreSQL, a Redis and an object store that may be restarted. */
export interface House extends AsyncDisposable {
  postgres: PostgresServer
  redis: RedisServer
  s3: S3Server
  /** Addresses of the servers; they stay the same. */
  urls: readonly [string, string]
  /** A small film on this machine, and a room that shows it. */
  film: string
  videoId: string
  /** Kills the second server, and starts it again: resolves when it listens. */
  killServer(): Promise<void>
  startServer(): Promise<void>
  /** How many servers ended that nobody ended. */
  lostServers(): number
  /** What servers logged as errors. */
  errors(): string[]
}

export async function openHouse(): Promise<House> {
  await using started = new AsyncDisposableStack()
  const dataDirectory = await mkdtemp(join(tmpdir(), 'rushes-restarts-'))
  started.defer(() => rm(dataDirectory, { recursive: true, force: true, maxRetries: 5 }))
  const postgres = started.use(await startPostgresServer())
  const redis = started.use(await startRedisServer())
  const s3 = started.use(await startS3Server())
  const { PATH = '' } = process.env
  const env = {
    ...{ PATH, DATA_DIR: dataDirectory, DATABASE_URL: postgres.url, REDIS_URL: redis.url, STORAGE: 's3', ...s3.env },
    ...{ TRANSCRIBER: 'none', HLS_LADDER: 'off', MESSAGES_PER_SECOND: '0', LOG_LEVEL: 'info' },
  }
  const ports = [await freePort(), await freePort()] as const
  const servers: ServerProcess[] = []
  let house: AsyncDisposableStack = started
  const start = async (port: number) => {
    const server = house.use(await startServerProcess({ ...env, PORT: String(port) }))
    servers.push(server)
    return server
  }
  const first = await start(ports[0])
  let second: ServerProcess = await start(ports[1])
  const rushes = createRushes({ url: first.url })
  const film = await makeFilm(join(dataDirectory, 'film.mp4'), { seconds: 2, size: '160x90' })
  const { id: videoId } = await rushes.videos.upload(film)
  await rushes.videos.untilReady(videoId)
  house = started.move()
  return {
    ...{ postgres, redis, s3, film, videoId },
    urls: [first.url, second.url],
    killServer: () => second.kill(),
    async startServer() {
      second = await start(ports[1])
    },
    errors: () => servers.flatMap(server => server.errors),
    lostServers: () => [first, second].filter(server => !server.isRunning()).length,
    [Symbol.asyncDispose]: () => house.disposeAsync(),
  }
}
