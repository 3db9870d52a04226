import type { IncomingMessage, RequestListener } from 'node:http'
import { type Route, streamAt } from '../../../shared/index.ts'
import { mustBeAllowed } from '../caller.ts'
import type { Log } from '../log.ts'
import type { PlatformMetrics } from '../metrics.ts'
import { type Authenticate, credentialsOf } from './credentials.ts'
import { carefulHeaders } from './koa.ts'
import { failureOf, refuseRequest } from './refuse.ts'
import type { RequestIds } from './request-id.ts'
import { representationHeaders, type ServedBlob, sendBytes } from './serve-blob.ts'
import { createWarmBlobs, type WarmBlob } from './warm-blobs.ts'
import type { Exchange } from './while-permitted.ts'

/** What an address of this door names. */
export interface WarmAddress {
  id: string
  /** A signed token, from the query. */
  token: string | undefined
}

export interface WarmDoorOptions {
  /** The route that is answered here where it can be. */
  route: Pick<Route, 'path' | 'scope'>
  /** Null for any other address, and for one of this route that asks for more than the bytes. */
  addressOf: (url: string) => WarmAddress | null
  /** What that route sends when nothing but a token is said in the query. Throws. */
  open: (id: string) => Promise<ServedBlob>
  authenticate: Authenticate
  requestIds: RequestIds
  log: Log
  metrics: PlatformMetrics
  /** Answers everything else. */
  otherwise: RequestListener
}
export interface WarmDoor {
  handle: RequestListener
  /** Something happened to this one: what was known of its bytes is asked anew. */
  forget(id: string): void
  stop(): Promise<void>
}

/**
 * Players ask for ranges thousands of times a second, and Koa with its router costs more than the bytes. So the plain
 * case is answered here: a blob, allowed, whole or in parts. Whatever else turns out (a failure, a condition, a query) is
 * handed on with nothing sent, and decided anew by the one place that knows how to say it.
 */
export function createWarmDoor({ addressOf, open, otherwise, log, ...options }: WarmDoorOptions): WarmDoor {
  const { authenticate, requestIds, metrics } = options
  const { path: route, scope } = options.route
  const blobs = createWarmBlobs()

  async function warm(key: string, req: IncomingMessage, { id, token }: WarmAddress): Promise<WarmBlob | null> {
    try {
      const link = token ? { token, subject: id, file: null } : undefined
      const caller = await authenticate(credentialsOf(req.headers, link))
      mustBeAllowed(caller, { scope, stream: streamAt(route, { params: { id } }) })
      const served = await open(id)
      const headers = { ...carefulHeaders, ...representationHeaders(served) }
      return blobs.keep(key, { id, served, headers, permit: caller.permit })
    } catch {
      return null // said by `otherwise`, which meets the same fault
    }
  }
  function send(key: string, warmBlob: WarmBlob, { req, res }: Exchange): void {
    const began = performance.now()
    const requestId = requestIds(req)
    const headers = { 'x-request-id': requestId, ...warmBlob.headers }
    const sending = sendBytes({ req, res, headers }, warmBlob.served)
    if (!sending) {
      blobs.letGo(key, warmBlob, false)
      otherwise(req, res)
      return
    }
    const release = warmBlob.permit.onEnd(() => res.destroy())
    const done = (fault?: unknown) => {
      release()
      if (fault !== undefined) {
        failureOf(fault, log, { requestId, route })
        res.destroy()
      }
      blobs.letGo(key, warmBlob, res.destroyed && !res.writableFinished)
      const labels = { route, method: req.method ?? '', status: res.statusCode }
      metrics.httpSeconds.observe(labels, (performance.now() - began) / 1000)
    }
    sending.then(() => done(), done)
  }
  return {
    handle(req, res) {
      if (!isRead(req)) return otherwise(req, res)
      const key = askedBy(req)
      const warmBlob = blobs.take(key)
      if (warmBlob) return send(key, warmBlob, { req, res })
      const asked = addressOf(req.url ?? '')
      if (!asked) return otherwise(req, res)
      warm(key, req, asked)
        .then(opened => (opened ? send(key, opened, { req, res }) : otherwise(req, res)))
        .catch(fault => refuseRequest(res, fault, { requestId: requestIds(req), route, log }))
    },
    forget: blobs.forget,
    stop: async () => blobs.stop(),
  }
}

const isRead = ({ method }: IncomingMessage) => method === 'GET' || method === 'HEAD'

/** What the decision to let a caller have a blob hangs on. No header holds a line break: one that isn't there differs from an empty one. */
const askedBy = ({ url, headers: { authorization = '\n', origin = '\n', host = '\n' } }: IncomingMessage) =>
  `${url}\n${authorization}\n${origin}\n${host}`
