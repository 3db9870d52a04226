import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'

const conditions = ['Range', 'If-Range', 'If-Match', 'If-None-Match', 'If-Modified-Since', 'If-Unmodified-Since']
const methods = 'GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS'
/** What pages may send beside what they always may. */
const allowed = [
  ...['Authorization', 'Content-Type', 'Idempotency-Key', 'X-Request-Id', 'X-Requested-With', 'Last-Event-ID'],
  ...conditions,
]
/** What they may read beside what they always may. */
const exposed = [
  ...['Location', 'Content-Range', 'ETag', 'Accept-Ranges', 'Content-Disposition', 'X-Request-Id', 'Retry-After'],
]
/** Chromium keeps a preflight's answer no longer than this. */
const preflightSeconds = 7200

export interface CorsOptions {
  origins: ReadonlySet<string>
  /** Headers of the protocols that are spoken behind it: what pages may send, and what they may read. */
  protocol: { sent: readonly string[]; read: readonly string[] }
}

/**
 * Lets pages of these origins use every door behind `handle` (Fetch Standard, 3.2). Who is asking is decided behind it as
 * ever: keys travel in a header that scripts set, so no answer ever allows cookies. For all other origins nothing changes.
 */
export function allowOrigins({ origins, protocol }: CorsOptions, handle: RequestListener): RequestListener {
  if (origins.size === 0) return handle
  const toSend = [...allowed, ...protocol.sent].join(', ')
  const toRead = [...exposed, ...protocol.read].join(', ')
  return (request, response) => {
    // Also where there is none: a cache may not give to one what was said to another.
    response.setHeader('vary', 'Origin')
    const { origin } = request.headers
    if (origin === undefined || !origins.has(origin)) return handle(request, response)
    response.setHeader('access-control-allow-origin', origin)
    if (isPreflight(request)) return answerPreflight(response, toSend)
    response.setHeader('access-control-expose-headers', toRead)
    return handle(request, response)
  }
}

const isPreflight = ({ method, headers }: IncomingMessage) =>
  method === 'OPTIONS' && headers['access-control-request-method'] !== undefined

function answerPreflight(response: ServerResponse, toSend: string): void {
  response.setHeader('access-control-allow-methods', methods)
  response.setHeader('access-control-allow-headers', toSend)
  response.setHeader('access-control-max-age', preflightSeconds)
  response.writeHead(204).end()
}

/** A library behind a door must not speak of origins (some allow all of them): what it says is left out. */
export function silenceOrigins(response: ServerResponse): void {
  const writeHead = response.writeHead.bind(response) as (...given: unknown[]) => ServerResponse
  response.writeHead = (...given: unknown[]) => writeHead(...given.map(withoutOrigins))
}

/** Headers as `writeHead` takes them: an object, or names and values in turn. */
function withoutOrigins(given: unknown): unknown {
  if (typeof given !== 'object' || given === null) return given
  if (!Array.isArray(given)) return Object.fromEntries(Object.entries(given).filter(([name]) => !isOfOrigins(name)))
  return given.filter((_, index) => !isOfOrigins(String(given[index - (index % 2)])))
}

const isOfOrigins = (name: string) => name.toLowerCase().startsWith('access-control-')
