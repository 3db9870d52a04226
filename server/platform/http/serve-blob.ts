import { randomBytes } from 'node:crypto'
import type { ServerResponse } from 'node:http'
import type { Context } from 'koa'
import type { OpenBlob } from '../blobs/index.ts'
import { AppError } from '../errors.ts'
import { contentDisposition } from './content-disposition.ts'
import { type ByteRange, decideRange } from './range.ts'

export interface ServedBlob {
  blob: OpenBlob
  contentType: string
  /** A strong entity tag, with its quotes. */
  etag: string
  /** What to save it as. Any text. */
  filename?: string | undefined
  /** The address will never lead to other bytes. */
  unchanging?: boolean | undefined
  /** Save it rather than show it. */
  download?: boolean | undefined
}

/**
 * Answers a GET or a HEAD with a blob or parts of it (RFC 9110, sections 13 to 15), and closes the blob in any case.
 * A caller who hangs up ends it early and is no fault.
 */
export async function serveBlob(ctx: Context, served: ServedBlob): Promise<void> {
  const { blob } = served
  try {
    const decision = decideRange(ctx.method, ctx.req.headers, {
      ...served,
      sizeBytes: blob.sizeBytes,
      modifiedAt: blob.modifiedAt,
    })
    if (decision.status === 200) return await sendParts(ctx, served, [])
    if (decision.status === 206) return await sendParts(ctx, served, decision.ranges)
    ctx.set(commonHeaders(served))
    if (decision.status !== 304) throw refusal(ctx, decision.status, blob.sizeBytes)
    // "a sender SHOULD NOT generate representation metadata other than the above listed fields" (15.4.5).
    ctx.status = 304
  } finally {
    await blob.close()
  }
}

const commonHeaders = ({ etag, unchanging }: ServedBlob) => ({
  etag,
  'accept-ranges': 'bytes',
  'cache-control': unchanging ? 'private, max-age=31536000, immutable' : 'private, no-cache',
  'x-content-type-options': 'nosniff',
})

function refusal(ctx: Context, status: 412 | 416, sizeBytes: number): AppError {
  if (status === 412)
    return new AppError('request.precondition_failed', 'This has changed since, or is not what was asked for.')
  ctx.set('content-range', `bytes */${sizeBytes}`)
  return new AppError('request.range_not_satisfiable', `There are no such bytes: the last is ${sizeBytes - 1}.`)
}

/** Bytes of the blob with what goes before them. */
interface Part {
  head: string
  range: ByteRange
}
interface Plan {
  status: number
  headers: Record<string, string | number>
  parts: Part[]
  tail: string
}

async function sendParts(ctx: Context, served: ServedBlob, ranges: ByteRange[]): Promise<void> {
  const { res } = ctx
  const { status, headers, parts, tail } = plan(served, ranges)
  // Koa's way of sending a stream takes three times as long: from here on the answer is ours.
  ctx.respond = false
  if (!(await isOurTurn(res))) return
  const { filename, download, blob } = served
  res.writeHead(status, {
    ...commonHeaders(served),
    ...headers,
    'content-disposition': contentDisposition({ filename, download }),
    'last-modified': blob.modifiedAt.toUTCString(),
  })
  if (ctx.method === 'HEAD') return void res.end()
  for (const { head, range } of parts) {
    if (res.destroyed) return
    if (head) res.write(head, 'latin1')
    await blob.send(range.start, range.end, res)
  }
  if (!res.destroyed) res.end(tail, 'latin1')
}

function plan({ blob: { sizeBytes }, contentType }: ServedBlob, ranges: ByteRange[]): Plan {
  const [first, ...others] = ranges
  // "A server MUST NOT generate a multipart response to a request for a single range" (15.3.7.2).
  if (others.length === 0) {
    const range = first ?? { start: 0, end: sizeBytes - 1 }
    const headers = { 'content-type': contentType, 'content-length': range.end - range.start + 1 }
    if (!first) return { status: 200, headers, parts: sizeBytes > 0 ? [{ head: '', range }] : [], tail: '' }
    return {
      status: 206,
      headers: { ...headers, 'content-range': contentRange(first, sizeBytes) },
      parts: [{ head: '', range }],
      tail: '',
    }
  }
  const boundary = randomBytes(18).toString('hex')
  const parts = ranges.map((range, index) => ({
    range,
    head: `${index > 0 ? '\r\n' : ''}--${boundary}\r\ncontent-type: ${contentType}\r\ncontent-range: ${contentRange(range, sizeBytes)}\r\n\r\n`,
  }))
  const tail = `\r\n--${boundary}--\r\n`
  const bytes = parts.reduce((sum, { head, range }) => sum + head.length + range.end - range.start + 1, tail.length)
  // "a server [...] MUST NOT generate a Content-Range header field in the HTTP header section of a multiple part response".
  return {
    status: 206,
    headers: { 'content-type': `multipart/byteranges; boundary=${boundary}`, 'content-length': bytes },
    parts,
    tail,
  }
}

const contentRange = ({ start, end }: ByteRange, sizeBytes: number) => `bytes ${start}-${end}/${sizeBytes}`

/** A pipelined request waits for the one before it, holding no bytes. False: the caller went away. */
async function isOurTurn(res: ServerResponse): Promise<boolean> {
  if (!res.socket && !res.destroyed) {
    await new Promise<void>(resolve => {
      res.once('socket', () => resolve())
      res.once('close', () => resolve())
    })
  }
  return !res.destroyed
}
