import { createHash } from 'node:crypto'
import { brotliCompressSync, constants, gzipSync } from 'node:zlib'
import type { Context } from 'koa'

/** The best that brotli can do takes half a second for what is a tenth smaller. */
const quickly = { params: { [constants.BROTLI_PARAM_QUALITY]: 6 } }

/**
 * Sends a text that stays the same while the server runs: written out, hashed and compressed once, for the first who asks,
 * as most servers are never asked.
 */
export function keepText(write: () => string, type: string): (ctx: Context) => void {
  let kept: ReturnType<typeof prepare> | undefined
  return ctx => {
    kept ??= prepare(write())
    const { hash, bodies } = kept
    const encoding = ctx.acceptsEncodings('br', 'gzip', 'identity') as keyof typeof bodies | false
    const chosen = encoding || 'identity'
    ctx.status = 200
    ctx.type = type
    ctx.vary('accept-encoding')
    ctx.set('cache-control', 'no-cache')
    // "a strong validator [...] unique across all representations": also of one text in two encodings (RFC 9110, 8.8.1).
    ctx.set('etag', `"${hash}-${chosen}"`)
    if (ctx.fresh) {
      ctx.status = 304
      return
    }
    if (chosen !== 'identity') ctx.set('content-encoding', chosen)
    ctx.body = bodies[chosen]
  }
}

function prepare(text: string) {
  const plain = Buffer.from(text)
  const hash = createHash('sha256').update(plain).digest('base64url').slice(0, 22)
  return { hash, bodies: { br: brotliCompressSync(plain, quickly), gzip: gzipSync(plain), identity: plain } }
}
