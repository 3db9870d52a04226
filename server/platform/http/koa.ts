import Koa, { type Context, type Next } from 'koa'
import { AppError } from '../errors.ts'
import type { Log } from '../log.ts'
import type { PlatformMetrics } from '../metrics.ts'
import { type CallerAddress, createCallerAddress } from './caller-address.ts'
import type { HandOff } from './hand-off.ts'
import { failureOf } from './refuse.ts'
import { createRequestIds, type RequestIds } from './request-id.ts'

export interface KoaOptions {
  log: Log
  metrics: PlatformMetrics
  requestIds?: RequestIds
  /** Left out: no proxy is trusted. */
  callerAddress?: CallerAddress
  /** Blobs are sent by the web server in front. */
  handOff?: HandOff | undefined
  /** Blobs are read there, where they can be: an origin, such as `https://files.example.org`. */
  redirectTo?: string | undefined
}

/** What every answer carries, whoever gives it. */
export const carefulHeaders = {
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'same-origin',
  'x-frame-options': 'SAMEORIGIN',
  'content-security-policy':
    "default-src 'self'; img-src 'self' blob: data:; media-src 'self' blob:; style-src 'self' 'unsafe-inline'; connect-src 'self' ws: wss:; object-src 'none'; base-uri 'none'; frame-ancestors 'self'",
}

/** Pages may also show what comes from that origin: a redirect counts as where it leads to. */
const carefulHeadersWith = (origin: string): typeof carefulHeaders => ({
  ...carefulHeaders,
  'content-security-policy': carefulHeaders['content-security-policy'].replace(
    /(?<=(?:img|media|connect)-src 'self')/g,
    ` ${origin}`,
  ),
})

/** A Koa that names every request, answers every fault in the contract's shape and sends careful headers. */
export function createKoa(options: KoaOptions): Koa {
  const { log, metrics, handOff, redirectTo, requestIds = createRequestIds() } = options
  const { callerAddress = createCallerAddress([]) } = options
  const koa = new Koa()
  koa.context.handOff = handOff
  koa.context.redirects = redirectTo !== undefined
  const careful = redirectTo === undefined ? carefulHeaders : carefulHeadersWith(redirectTo)
  koa.use((ctx, next) => nameRequest(requestIds, { ctx, next }))
  koa.use((ctx, next) => {
    // Koa itself would believe what any caller says.
    ctx.request.ip = callerAddress(ctx.req)
    ctx.set(careful)
    return next()
  })
  koa.use((ctx, next) => measure(metrics, { ctx, next }))
  koa.use((ctx, next) => answerFaults(log, { ctx, next }))
  // What fails after the headers went out (a player that hung up, mostly) has nobody left to answer.
  koa.on('error', (fault: NodeJS.ErrnoException) => log.debug({ reason: fault.message }, 'response broken off'))
  return koa
}

async function nameRequest(requestIds: RequestIds, { ctx, next }: { ctx: Context; next: Next }): Promise<void> {
  ctx.state.requestId = requestIds(ctx.req)
  ctx.set('x-request-id', ctx.state.requestId)
  await next()
}

async function measure(metrics: PlatformMetrics, { ctx, next }: { ctx: Context; next: Next }): Promise<void> {
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
    const { status, error } = failureOf(fault, log, { requestId, route: ctx.state.route })
    if (ctx.res.headersSent) {
      ctx.res.destroy()
      return
    }
    // Callers who still send would get a broken connection instead of the answer if nobody read what they send.
    if (!ctx.req.complete) ctx.req.resume()
    ctx.respond = true
    ctx.status = status
    if (error.code === 'request.rate_limited') ctx.set('retry-after', secondsUntil(error.details))
    ctx.body = { error }
  }
}

/** RFC 9110, section 10.2.3: whole seconds. */
const secondsUntil = (details: unknown) => String(Math.ceil((details as { retryAfterMs: number }).retryAfterMs / 1000))
