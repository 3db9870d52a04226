import { existsSync } from 'node:fs'
import type { Middleware } from 'koa'
import sirv from 'sirv'

/** Serves the built page; every path that is not a file and not ours gets `index.html`, whose script reads the path. */
export function servePage(directory: string): Middleware {
  if (!existsSync(directory)) return (_ctx, next) => next()
  const serve = sirv(directory, {
    single: true,
    etag: true,
    gzip: true,
    brotli: true,
    setHeaders: (res, path) =>
      res.setHeader('cache-control', path.startsWith('/assets/') ? 'public, max-age=31536000, immutable' : 'no-cache'),
  })
  return async (ctx, next) => {
    const ours = /^\/(api|socket\.io|ws|health|metrics|openapi\.json)(\/|$)/.test(ctx.path)
    if (ours || (ctx.method !== 'GET' && ctx.method !== 'HEAD')) return next()
    ctx.respond = false
    ctx.res.statusCode = 200
    // "A server MAY ignore the Range header field" (RFC 9110, 14.2): nobody wants a part of these, and sirv trips over some.
    delete ctx.req.headers.range
    serve(ctx.req, ctx.res, () => {
      ctx.res.statusCode = 404
      ctx.res.end()
    })
  }
}
