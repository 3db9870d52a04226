import { once } from 'node:events'
import { createReadStream } from 'node:fs'
import { mkdtemp, rm, stat } from 'node:fs/promises'
import { type IncomingMessage, request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import { createRushes, type Rushes, type Video } from '../../client-sdk/src/index.ts'
import { resumablePath } from '../../shared/index.ts'
import { startServer } from './server-process.ts'

const main = fileURLToPath(new URL('../../server/main.ts', import.meta.url))

export interface BenchServer extends AsyncDisposable {
  rushes: Rushes
  url: string
}

/** A server of its own on an empty folder, that keeps to itself. */
export async function openServer(): Promise<BenchServer> {
  const folder = await mkdtemp(join(tmpdir(), 'bench-playable-'))
  const env = { PORT: '0', DATA_DIR: folder, TRANSCRIBER: 'none', LOG_LEVEL: 'info', LOG_PRETTY: 'false' }
  const server = await startServer({ script: main, env })
  return {
    rushes: createRushes({ url: server.url }),
    url: server.url,
    async [Symbol.asyncDispose]() {
      await server[Symbol.asyncDispose]()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

/** Seconds from the film's last byte leaving here until the server says that it is playable. */
export type Sending = (server: BenchServer, film: string) => Promise<number>

/** In one request, by the client. */
export const inOneRequest: Sending = async ({ rushes }, film) => {
  const { stream, sizeBytes, lastByteAt } = await noted(film)
  const video = await rushes.videos.upload({
    stream: Readable.toWeb(stream) as ReadableStream,
    filename: 'film.mp4',
    sizeBytes,
  })
  return untilPlayable(rushes, video, lastByteAt())
}

/** By tus, in one part: a client only learns of the last byte when it is answered, so this speaks the protocol itself. */
export const resumably: Sending = async ({ rushes, url }, film) => {
  const { stream, sizeBytes, lastByteAt } = await noted(film)
  const tus = { 'Tus-Resumable': '1.0.0' }
  const created = await fetch(new URL(resumablePath, url), {
    method: 'POST',
    headers: { ...tus, 'Upload-Length': String(sizeBytes), 'Upload-Metadata': `filename ${btoa('film.mp4')}` },
  })
  const place = new URL(created.headers.get('location') ?? '', created.url)
  const headers = {
    ...tus,
    'Upload-Offset': '0',
    'Content-Type': 'application/offset+octet-stream',
    'Content-Length': sizeBytes,
  }
  const sending = request(place, { method: 'PATCH', headers })
  stream.pipe(sending)
  const [answer] = (await once(sending, 'response')) as [IncomingMessage]
  answer.resume()
  if (answer.statusCode !== 204) throw new Error(`The upload was answered with ${answer.statusCode}.`)
  const { video } = await rushes.videos.uploadState(place.pathname.split('/').at(-1) ?? '')
  if (!video) throw new Error('The upload made no video.')
  return untilPlayable(rushes, video, lastByteAt())
}

/** A film as a stream that knows when its last byte was taken. */
async function noted(film: string) {
  const stream = createReadStream(film, { highWaterMark: 2 ** 20 })
  const { size: sizeBytes } = await stat(film)
  let at = Number.NaN
  stream.once('end', () => {
    at = performance.now()
  })
  return { stream, sizeBytes, lastByteAt: () => at }
}

async function untilPlayable(rushes: Rushes, video: Video, since: number): Promise<number> {
  const playable = video.playable ? video : await rushes.videos.untilReady(video.id)
  const taken = (performance.now() - since) / 1000
  if (!playable.playable) throw new Error('The film is not playable.')
  await rushes.videos.delete(video.id)
  return taken
}
