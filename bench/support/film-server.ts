/** One film behind serveBlob and the real Koa, in a process of its own: the streaming path without the rest of the server. */
import { once } from 'node:events'
import { createReadStream } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { pipeline } from 'node:stream/promises'
import { createDiskBlobs } from '../../server/platform/blobs/index.ts'
import { createKoa, serveBlob } from '../../server/platform/http/index.ts'
import { createLog } from '../../server/platform/log.ts'
import { createMetrics } from '../../server/platform/metrics.ts'

const [filmPath = '', directory = ''] = process.argv.slice(2)
const key = 'videos/film/original'
const blobs = createDiskBlobs({ directory })
const draft = await blobs.draft(key)
await pipeline(createReadStream(filmPath), draft.stream)
await draft.commit()

const koa = createKoa({ log: createLog({ level: 'error', pretty: false }), metrics: createMetrics() })
koa.use(async ctx => {
  const blob = await blobs.open(key)
  if (blob) await serveBlob(ctx, { blob, contentType: 'video/mp4', etag: '"film"', filename: 'film.mp4' })
})
const server = createServer(koa.callback()).listen(0, '127.0.0.1')
await once(server, 'listening')
process.stdout.write(`${JSON.stringify({ url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` })}\n`)
