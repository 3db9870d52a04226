// S3rver in a process of its own: its paging uses a cipher that Node has under a flag only. What it lacks of S3 and we
// rely on is added in front of it: listing and aborting an upload in parts, refusing one that lacks some, If-Match. Faults are made here too, as we are told.
import { once } from 'node:events'
import { existsSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { AddressInfo } from 'node:net'
import { Readable, Transform } from 'node:stream'
import type { Context, Middleware } from 'koa'

/** For the next `times` requests that fit. */
export interface PlannedFault {
  method: string
  /** Part of the address, with its query. */
  part: string
  times: number
  /** Answered instead. */
  status?: number
  /** The connection is cut when so many bytes of the answer are out. */
  cutAfterBytes?: number
  /** It is not cut then: nothing more comes on it. */
  staysOpen?: boolean
  /** If-Match is not obeyed, as some servers don't. */
  ignoresIfMatch?: boolean
  /** Answered only after so long. */
  delayMs?: number
}
export interface SeenRequest {
  method: string
  url: string
}

interface S3rver {
  middleware: Middleware[]
  on(event: 'error', heard: () => void): void
  run(): Promise<AddressInfo>
}
const S3rver = createRequire(import.meta.url)('@20minutes/s3rver') as new (options: object) => S3rver

const [directory = '', port = '0', bucket = ''] = process.argv.slice(2)
const faults: PlannedFault[] = []
const seen: SeenRequest[] = []

const remember: Middleware = async (ctx, next) => {
  seen.push({ method: ctx.method, url: ctx.url })
  await next()
}

/** The SDK signs `/bucket/`, as S3 wants it, and S3rver reckons with `/bucket`: it is told to put a slash behind. */
const spellBucket: Middleware = async (ctx, next) => {
  if (ctx.path === `/${bucket}/`) {
    Object.assign(ctx, { mountPath: '/' })
    Object.defineProperty(ctx.state, 'vhost', { get: () => true, set: () => {} })
  }
  await next()
}

const failAsPlanned: Middleware = async (ctx, next) => {
  const fault = faults.find(({ method, part, times }) => times > 0 && method === ctx.method && ctx.url.includes(part))
  if (fault) fault.times -= 1
  ctx.state.ignoresIfMatch = fault?.ignoresIfMatch
  if (fault?.delayMs) await new Promise(done => setTimeout(done, fault.delayMs))
  if (fault?.status) {
    ctx.status = fault.status
    return
  }
  await next()
  if (fault?.cutAfterBytes !== undefined) cutBody(ctx, fault.cutAfterBytes, fault.staysOpen)
}

function cutBody(ctx: Context, bytes: number, staysOpen = false): void {
  let left = bytes
  const { length } = ctx
  if (!(ctx.body instanceof Readable)) return
  ctx.body = ctx.body.pipe(
    new Transform({
      transform(chunk: Buffer, _encoding, done) {
        if (chunk.length <= left) {
          left -= chunk.length
          return done(null, chunk)
        }
        this.push(chunk.subarray(0, left))
        if (!staysOpen) setImmediate(() => ctx.res.destroy())
      },
    }),
  )
  ctx.length = length
}

const abortParts: Middleware = async (ctx, next) => {
  const { uploadId } = ctx.query
  if (ctx.method !== 'DELETE' || typeof uploadId !== 'string') return next()
  const parts = `${directory}/${bucket}/._S3rver_uploads/${uploadId.replaceAll('/', '')}`
  ctx.status = existsSync(parts) ? 204 : 404
  rmSync(parts, { recursive: true, force: true })
}

const uploadsDirectory = `${directory}/${bucket}/._S3rver_uploads`
const listUploads: Middleware = async (ctx, next) => {
  if (ctx.method !== 'GET' || !('uploads' in ctx.query)) return next()
  const prefix = String(ctx.query.prefix ?? '')
  const uploads = (existsSync(uploadsDirectory) ? readdirSync(uploadsDirectory) : []).map(id => {
    const key = readFileSync(`${uploadsDirectory}/${id}/key`, 'utf8')
    const initiated = statSync(`${uploadsDirectory}/${id}/key`).mtime.toISOString()
    return {
      key,
      xml: `<Upload><Key>${key}</Key><UploadId>${id}</UploadId><Initiated>${initiated}</Initiated></Upload>`,
    }
  })
  ctx.type = 'application/xml'
  const listed = uploads.filter(({ key }) => key.startsWith(prefix)).map(({ xml }) => xml)
  ctx.body = `<?xml version="1.0"?><ListMultipartUploadsResult><IsTruncated>false</IsTruncated>${listed.join('')}</ListMultipartUploadsResult>`
}

/** S3rver ends altogether when a part is missing. */
const refuseMissingParts: Middleware = async (ctx, next) => {
  const { uploadId } = ctx.query
  if (ctx.method !== 'POST' || typeof uploadId !== 'string') return next()
  await once(ctx.req, 'readable')
  const body: Buffer = ctx.req.read() ?? Buffer.alloc(0)
  ctx.req.unshift(body)
  const parts = `${directory}/${bucket}/._S3rver_uploads/${uploadId.replaceAll('/', '')}`
  const numbers = [...body.toString().matchAll(/<PartNumber>(\d+)</g)].map(([, number]) => number)
  const code = existsSync(parts) ? 'InvalidPart' : 'NoSuchUpload'
  if (existsSync(parts) && numbers.every(number => existsSync(`${parts}/${number}`))) return next()
  ctx.status = code === 'NoSuchUpload' ? 404 : 400
  ctx.type = 'application/xml'
  ctx.body = `<?xml version="1.0"?><Error><Code>${code}</Code><Message>It is not there.</Message></Error>`
}

const obeyIfMatch: Middleware = async (ctx, next) => {
  await next()
  const wanted = ctx.get('if-match')
  if (!wanted || ctx.state.ignoresIfMatch || ctx.status >= 300 || ctx.response.get('etag') === wanted) return
  if (ctx.body instanceof Readable) ctx.body.destroy()
  ctx.body = null
  ctx.status = 412
}

const server = new S3rver({
  ...{ directory, port: Number(port), address: '127.0.0.1', silent: true, vhostBuckets: false },
  configureBuckets: [{ name: bucket }],
})
// Whoever hangs up is no fault of ours.
server.on('error', () => {})
server.middleware.unshift(
  remember,
  failAsPlanned,
  spellBucket,
  listUploads,
  abortParts,
  refuseMissingParts,
  obeyIfMatch,
)
const address = await server.run()
process.on('message', (message: { fault?: PlannedFault; seen?: true }) => {
  if (message.fault) faults.push(message.fault)
  process.send?.(message.seen ? { seen: seen.splice(0) } : {})
})
process.on('disconnect', () => process.exit(0))
process.send?.({ port: address.port })
