import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createRushes, type Rushes } from '../../client-sdk/src/index.ts'
import { startServer } from './server-process.ts'

const main = fileURLToPath(new URL('../../server/main.ts', import.meta.url))

/** A server of its own on an empty folder, that keeps to itself. */
export async function openServer(): Promise<{ rushes: Rushes } & AsyncDisposable> {
  const folder = await mkdtemp(join(tmpdir(), 'bench-playable-'))
  const env = { PORT: '0', DATA_DIR: folder, TRANSCRIBER: 'none', LOG_LEVEL: 'info', LOG_PRETTY: 'false' }
  const server = await startServer({ script: main, env })
  return {
    rushes: createRushes({ url: server.url }),
    async [Symbol.asyncDispose]() {
      await server[Symbol.asyncDispose]()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

/** Seconds from the film's last byte leaving here until the server says that it is playable. */
export async function secondsToPlayable(rushes: Rushes, film: string, resumable: boolean): Promise<number> {
  let lastByteAt = Number.NaN
  const video = await rushes.videos.upload(film, {
    resumable,
    onProgress({ sentBytes, totalBytes }) {
      if (sentBytes === totalBytes && Number.isNaN(lastByteAt)) lastByteAt = performance.now()
    },
  })
  const playable = video.playable ? video : await rushes.videos.untilReady(video.id)
  const taken = (performance.now() - lastByteAt) / 1000
  if (!playable.playable) throw new Error('The film is not playable.')
  await rushes.videos.delete(video.id)
  return taken
}
