import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'
import type { Scope } from '../../../shared/index.ts'
import { type Caller, mustBeAllowed } from '../caller.ts'
import type { Log } from '../log.ts'
import type { PlatformMetrics } from '../metrics.ts'
import { silenceOrigins } from './cors.ts'
import { type Authenticate, credentialsOf } from './credentials.ts'
import { failureOf } from './refuse.ts'
import type { RequestIds } from './request-id.ts'
import { type Exchange, whilePermitted } from './while-permitted.ts'

export interface RawDoorOptions {
  /** It gets this path and what is below it. */
  path: string
  /** Wanted for all of it. It is about no stream: whoever is here for one has no business there. */
  scope: Scope
  handle: (exchange: Exchange, caller: Caller) => Promise<void>
  authenticate: Authenticate
  requestIds: RequestIds
  log: Log
  metrics: Pick<PlatformMetrics, 'httpSeconds'>
}

/**
 * Puts a protocol that reads its requests itself before everything else, with the same names, headers and keys. Koa
 * never sees its requests.
 */
export function openRawDoor(options: RawDoorOptions, otherwise: RequestListener): RequestListener {
  const { path, log, metrics, requestIds } = options
  return (request, response) => {
    const asked = (request.url ?? '').split('?', 1)[0] ?? ''
    if (asked !== path && !asked.startsWith(`${path}/`)) return otherwise(request, response)
    const stop = metrics.httpSeconds.startTimer()
    response.once('close', () => stop({ route: path, method: request.method ?? '', status: response.statusCode }))
    const requestId = requestIds(request)
    response.setHeader('x-request-id', requestId)
    response.setHeader('x-content-type-options', 'nosniff')
    silenceOrigins(response)
    enter(options, request, response).catch(fault => {
      const { status, error } = failureOf(fault, log, { requestId, route: path })
      if (response.headersSent) return response.destroy()
      request.resume()
      return response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify({ error }))
    })
  }
}

async function enter(
  { authenticate, scope, handle }: RawDoorOptions,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const caller = await authenticate(credentialsOf(request.headers))
  mustBeAllowed(caller, { scope, stream: null })
  const exchange = { req: request, res: response }
  await whilePermitted(caller.permit, exchange, () => handle(exchange, caller))
}
