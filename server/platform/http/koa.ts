import { randomUUID } from 'node:crypto'
import Koa, { type Context, type Next } from 'koa'
import { AppError, toFailure } from '../errors.ts'
import type { Log } from '../log.ts'
import type { Metrics } from '../metrics.ts'

const requestIdShape = /^[\w.-]{8,64}$/

/** A Koa that names every request, answers every fault in the contract's shape and sends careful headers. */
export function createKoa({ log, metrics }: { log: Log; metrics: Metrics }): Koa {
  const koa = new Koa()
  koa.use(nameRequest)
  koa.use(sendCarefulHeaders)
  koa.use((ctx, next) => measure(metrics, { ctx, next }))
  koa.use((ctx, next) => answerFaults(log, { ctx, next }))
  // What fails after the headers went out (a player that hung up, mostly) has nobody left to answer.
  koa.on('error', (fault: NodeJS.ErrnoException) => log.debug({ reason: fault.message }, 'response broken off'))
  return koa
}

async function nameRequest(ctx: Context, next: Next): Promise<void> {
  const given = ctx.get('x-request-id')
  ctx.state.requestId = requestIdShape.test(given) ? given : randomUUID()
  ctx.set('x-request-id', ctx.state.requestId)
  await next()
}

async function sendCarefulHeaders(ctx: Context, next: Next): Promise<void> {
  ctx.set('x-content-type-options', 'nosniff')
  ctx.set('referrer-policy', 'same-origin')
  ctx.set('x-frame-options', 'SAMEORIGIN')
  ctx.set(
    'content-security-policy',
    "default-src 'self'; img-src 'self' blob: data:; media-src 'self' blob:; style-src 'self' 'unsafe-inline'; connect-src 'self' ws: wss:; object-src 'none'; base-uri 'none'; frame-ancestors 'self'",
  )
  await next()
}

async function measure(metrics: Metrics, { ctx, next }: { ctx: Context; next: Next }): Promise<void> {
  const stop = metrics.httpSeconds.startTimer()
  ctx.res.once('close', () =>
    stop({ route: ctx.state.route ?? 'other', method: ctx.method, status: ctx.res.statusCode }),
  )
  await next()
}

async function answerFaults(log: Log, { ctx, next }: { ctx: Context; next: Next }): Promise<void> {
  try {
    await next()
    if (ctx.status === 404 && ctx.body == null && ctx.respond !== false && !ctx.res.headersSent) {
      throw new AppError(
        'request.unknown_route',
        `There is nothing at ${ctx.method} ${ctx.path}. GET /openapi.json lists what is there.`,
      )
    }
  } catch (fault) {
    const requestId: string = ctx.state.requestId
    const { status, error } = toFailure(fault, requestId)
    if (error.code === 'server.internal') log.error({ requestId, route: ctx.state.route, err: fault }, 'request failed')
    if (ctx.res.headersSent) {
      ctx.res.destroy()
      return
    }
    if (!ctx.req.complete) dropBody(ctx)
    ctx.respond = true
    ctx.status = status
    ctx.body = { error }
  }
}

/** How long whoever is refused may go on sending. */
const lingerMs = 10_000

/**
 * Callers who still send would get a broken connection instead of the answer if we closed now: what comes is read and
 * dropped for a while.
 */
function dropBody({ req }: Context): void {
  req.resume()
  const cutOff = setTimeout(() => req.destroy(), lingerMs)
  req.once('close', () => clearTimeout(cutOff))
}
