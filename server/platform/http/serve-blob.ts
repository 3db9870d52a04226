import { randomBytes } from 'node:crypto'
import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http'
import type { Context } from 'koa'
import type { OpenBlob } from '../blobs/index.ts'
import { AppError } from '../errors.ts'
import { contentDisposition } from './content-disposition.ts'
import type { HandOff } from './hand-off.ts'
import { type ByteRange, decideRange, type RangeDecision } from './range.ts'

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
    if (handOver(ctx, served) || (await leadAway(ctx, served))) return
    const decision = decide(ctx.req, served)
    if (decision.status === 200 || decision.status === 206) {
      // Koa's way of sending a stream takes three times as long: from here on the answer is ours.
      ctx.respond = false
      const answer = { req: ctx.req, res: ctx.res, headers: representationHeaders(served) }
      return await sendParts(answer, served, rangesOf(decision))
    }
    ctx.set(commonHeaders(served))
    if (decision.status !== 304) throw refusal(ctx, decision.status, blob.sizeBytes)
    // "a sender SHOULD NOT generate representation metadata other than the above listed fields" (15.4.5).
    ctx.status = 304
  } finally {
    await blob.close()
  }
}

/** Lets the web server in front send it, where there is one that does. */
function handOver(ctx: Context, served: ServedBlob): boolean {
  const { blob, contentType } = served
  const handOff: HandOff | undefined = ctx.handOff
  const header = blob.path === null ? null : handOff?.(blob.path)
  if (!header) return false
  ctx.set({
    [header.name]: header.value,
    'content-disposition': contentDisposition(served),
    'cache-control': cachingOf(served),
  })
  ctx.type = contentType
  ctx.body = ''
  return true
}

/** Players keep the address that they were led to for as long as they play. */
const signedUrlSeconds = 6 * 3600
const conditions = ['if-match', 'if-none-match', 'if-range']

/**
 * Leads to where the bytes lie, where that is wanted and can be. A signed URL is for GET alone, and who asks by one of our
 * entity tags would not be understood there.
 */
async function leadAway(ctx: Context, { blob, etag, contentType, filename, download }: ServedBlob): Promise<boolean> {
  if (!ctx.redirects || ctx.method !== 'GET' || conditions.some(name => ctx.get(name).includes(etag))) return false
  const named = { ...(filename === undefined ? {} : { filename }), ...(download === undefined ? {} : { download }) }
  const url = await blob.urlFor({ expiresSeconds: signedUrlSeconds, contentType, ...named })
  if (url === null) return false
  ctx.status = 307
  ctx.set({ location: url, 'cache-control': 'no-store' })
  ctx.body = ''
  return true
}

export interface BytesAnswer {
  req: IncomingMessage
  res: ServerResponse
  /** All that does not depend on the request: `representationHeaders`, and what else is sent with every answer. */
  headers: OutgoingHttpHeaders
}

/** The same where bytes are the answer; false, and nothing sent, where it is another. The blob stays open. */
export function sendBytes(answer: BytesAnswer, served: ServedBlob): Promise<void> | false {
  const decision = decide(answer.req, served)
  return (decision.status === 200 || decision.status === 206) && sendParts(answer, served, rangesOf(decision))
}

const decide = (req: IncomingMessage, { blob: { sizeBytes, modifiedAt }, etag }: ServedBlob) =>
  decideRange(req.method ?? '', req.headers, { etag, sizeBytes, modifiedAt })

const rangesOf = (decision: RangeDecision) => (decision.status === 206 ? decision.ranges : [])

const cachingOf = ({ unchanging }: ServedBlob) =>
  unchanging ? 'private, max-age=31536000, immutable' : 'private, no-cache'

const commonHeaders = (served: ServedBlob) => ({
  etag: served.etag,
  'accept-ranges': 'bytes',
  'cache-control': cachingOf(served),
  'x-content-type-options': 'nosniff',
})

/** What is said of a blob whichever part of it is sent. */
export const representationHeaders = (served: ServedBlob): OutgoingHttpHeaders => ({
  ...commonHeaders(served),
  'content-disposition': contentDisposition(served),
  'last-modified': served.blob.modifiedAt.toUTCString(),
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

async function sendParts({ req, res, headers: fixed }: BytesAnswer, served: ServedBlob, ranges: ByteRange[]) {
  const { status, headers, parts, tail } = plan(served, ranges)
  if (!isTurnOf(res) && !(await itsTurn(res))) return
  const { blob } = served
  res.writeHead(status, { ...fixed, ...headers })
  if (req.method === 'HEAD') return void res.end()
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

/** A pipelined request waits for the one before it, holding no bytes. */
const isTurnOf = (res: ServerResponse) => res.socket !== null && !res.destroyed

/** False: the caller went away. */
async function itsTurn(res: ServerResponse): Promise<boolean> {
  if (!res.socket && !res.destroyed) {
    await new Promise<void>(resolve => {
      res.once('socket', () => resolve())
      res.once('close', () => resolve())
    })
  }
  return !res.destroyed
}
