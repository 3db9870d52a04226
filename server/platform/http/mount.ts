import Router from '@koa/router'
import type Koa from 'koa'
import type { Context } from 'koa'
import { koaBody } from 'koa-body'
import { absentAt, type Route, type RouteName, routes, streamAt } from '../../../shared/index.ts'
import { anyone, type Caller, mustBeAllowed } from '../caller.ts'
import { checkInput } from '../check-input.ts'
import { AppError, fail } from '../errors.ts'
import { parseInput } from '../parse-input.ts'
import { refuseInput } from '../refuse-input.ts'
import { type Authenticate, credentialsOf } from './credentials.ts'
import type { HttpHandlers, HttpInput } from './handlers.ts'
import { whilePermitted } from './while-permitted.ts'

const bodyBytes = 256 * 1024
/** A parsed body hangs whoever wants the stream, so it is parsed on the routes that say so and nowhere else. */
const parseJson = (maxBytes: number) =>
  koaBody({
    json: true,
    urlencoded: false,
    text: false,
    multipart: false,
    jsonLimit: maxBytes,
    jsonStrict: true,
    onError: fault => refuseBody(fault, maxBytes),
  })

export interface MountOptions {
  /** A body may be larger by so much where the route says so. */
  largeBodyBytes?: number
  handlers: HttpHandlers
  authenticate: Authenticate
  /** These alone. */
  only?: readonly RouteName[]
}

/** The contract's routes, each with its handler. */
export function mountRoutes(koa: Koa, options: MountOptions): void {
  const { handlers, authenticate, largeBodyBytes = 0, only = Object.keys(routes) as RouteName[] } = options
  const router = new Router()
  const parse = parseJson(bodyBytes)
  const parseLarge = parseJson(bodyBytes + largeBodyBytes)
  for (const name of only) {
    const route: Route = routes[name]
    const handle = handlers[name] as (input: HttpInput<RouteName>) => Promise<unknown>
    router.register(route.path, route.method === 'GET' ? ['HEAD', 'GET'] : [route.method], async (ctx, next) => {
      if (route.onlyJson && !ctx.is('json')) return next()
      ctx.state.route = route.path
      const shown = shownBy(ctx, route)
      // Whoever shows a key hears that it is wrong, also where none is wanted.
      const caller = route.scope === 'anyone' && !shown.token ? anyone : await authenticate(shown)
      mustBeAllowed(caller, { scope: route.scope, stream: streamAt(route.path, ctx) })
      const answer = await whilePermitted(caller.permit, ctx, async () => {
        if (route.body) await (route.largeBody ? parseLarge : parse)(ctx, async () => {})
        return handle(parseRequest(route, ctx, caller) as HttpInput<RouteName>)
      })
      if (route.status) ctx.status = route.status
      if (route.answer) ctx.body = answer
    })
  }
  koa.use(router.routes())
  koa.use(router.allowedMethods({ throw: true, methodNotAllowed: wrongMethod, notImplemented: wrongMethod }))
}

const wrongMethod = () =>
  new AppError('request.method_not_allowed', 'This path has other methods: see GET /openapi.json.')

function shownBy(ctx: Context & { params: { id?: string } }, { opensBy }: Route) {
  const { token } = ctx.query
  const { id } = ctx.params
  if (!opensBy || !id || typeof token !== 'string') return credentialsOf(ctx.headers)
  const file = opensBy === 'file' ? (ctx.path.split('/').at(-1) ?? '') : null
  return credentialsOf(ctx.headers, { token, subject: id, file })
}

function parseRequest(route: Route, ctx: Context & { params: unknown }, caller: Caller) {
  return {
    params: route.params && parsePath(route, ctx.params),
    query: route.query && parseInput(route.query, { ...ctx.query }, 'query'),
    body: route.body && parseInput(route.body, ctx.request.body, 'body'),
    ctx,
    caller,
    get signal() {
      return signalOf(ctx, caller)
    },
  }
}

function parsePath({ path, params: schema }: Route, params: unknown): unknown {
  checkInput(params, 'path')
  const parsed = schema?.safeParse(params)
  if (!parsed || parsed.success) return parsed?.data
  const { issues } = parsed.error
  // What is no id at all names nothing, as an id that nobody has.
  const absent = absentAt(path)
  if (absent && issues.every(issue => issue.path[0] === 'id')) throw fail(absent.code)
  return refuseInput('path', issues)
}

/** Aborted when the caller hangs up before the answer is out, or may not stay; from the start, when that is so already. */
function signalOf({ req, res }: Context, { permit }: Caller): AbortSignal {
  const controller = new AbortController()
  const stop = permit.onEnd(fault => controller.abort(fault))
  const close = () => {
    stop()
    // An answer that was out before the whole request was there told its sender to stop.
    const isDone = res.writableFinished && req.complete
    if (!isDone) controller.abort(new AppError('upload.interrupted', 'The caller hung up.'))
  }
  if (res.destroyed || req.socket.destroyed) close()
  else res.once('close', close)
  return controller.signal
}

function refuseBody(fault: Error & { status?: number }, maxBytes: number): never {
  if (fault.status === 413)
    throw new AppError('request.too_large', `The body may have ${maxBytes} bytes at most.`, { cause: fault })
  throw new AppError('request.malformed_json', `The body is not JSON: ${fault.message}`, { cause: fault })
}
