import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { type Agent, createServer, type IncomingHttpHeaders, request } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createDiskBlobs } from '../../server/platform/blobs/index.ts'
import { createKoa, serveBlob } from '../../server/platform/http/index.ts'
import type { Log } from '../../server/platform/log.ts'
import { createRegistry, platformMetrics } from '../../server/platform/metrics.ts'

export const etag = '"film-1"'
export const filename = 'Ünsere "Reise" – 100%.mp4'

/** One film behind serveBlob on a real port. `faults` is what was logged as a warning or worse. */
export async function startFilmApp(film: Buffer) {
  const directory = await mkdtemp(join(tmpdir(), 'streaming-'))
  const blobs = createDiskBlobs({ directory })
  const draft = await blobs.draft('videos/film/original')
  draft.stream.end(film)
  const { modifiedAt } = await draft.commit()

  const faults: unknown[] = []
  const koa = createKoa({ log: recordingLog(faults), metrics: platformMetrics(createRegistry()) })
  let requests = 0
  koa.use(async ctx => {
    requests += 1
    const blob = await blobs.open('videos/film/original')
    const download = ctx.query.download === '1'
    if (blob) await serveBlob(ctx, { blob, contentType: 'video/mp4', etag, filename, download })
  })
  const server = createServer(koa.callback()).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    port,
    url: `http://127.0.0.1:${port}/`,
    modifiedAt,
    directory,
    faults,
    requests: () => requests,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise(done => server.close(done))
      await rm(directory, { recursive: true, force: true })
    },
  }
}

function recordingLog(faults: unknown[]): Log {
  const fault = (...said: unknown[]) => void faults.push(said)
  const log: Log = { error: fault, warn: fault, info: () => {}, debug: () => {}, child: () => log }
  return log
}

export interface Answer {
  status: number
  headers: IncomingHttpHeaders
  body: Buffer
}

export async function ask(
  url: string,
  { method = 'GET', headers = {}, agent }: { method?: string; headers?: Record<string, string>; agent?: Agent },
): Promise<Answer> {
  const asked = request(url, { method, headers, ...(agent ? { agent } : {}) }).end()
  const [response] = await once(asked, 'response')
  const chunks = await response.toArray()
  return { status: response.statusCode, headers: response.headers, body: Buffer.concat(chunks) }
}

/** The parts of a multipart/byteranges body, by its own boundary; throws when it is not well formed. */
export function partsOf({ headers, body }: Answer): { range: string; type: string; bytes: Buffer }[] {
  const boundary = /^multipart\/byteranges; boundary=(\S+)$/.exec(headers['content-type'] ?? '')?.[1]
  if (!boundary) throw new Error(`Not multipart/byteranges: ${headers['content-type']}`)
  const text = body.toString('latin1')
  if (!text.startsWith(`--${boundary}\r\n`) || !text.endsWith(`\r\n--${boundary}--\r\n`))
    throw new Error('The boundary is not where it belongs.')
  const inner = text.slice(boundary.length + 4, -(boundary.length + 8))
  return inner.split(`\r\n--${boundary}\r\n`).map(part => {
    const blank = part.indexOf('\r\n\r\n')
    const head = part.slice(0, blank)
    return {
      range: /^content-range: (.*)$/im.exec(head)?.[1] ?? '',
      type: /^content-type: (.*)$/im.exec(head)?.[1] ?? '',
      bytes: Buffer.from(part.slice(blank + 4), 'latin1'),
    }
  })
}
