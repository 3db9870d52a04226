import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'
import { routes, type VideoId } from '../../../shared/index.ts'
import type { Log } from '../log.ts'
import type { Metrics } from '../metrics.ts'
import { type Authenticate, credentialsOf } from './credentials.ts'
import { carefulHeaders, failureOf } from './koa.ts'
import type { RequestIds } from './request-id.ts'
import { type ServedBlob, sendPlain } from './serve-blob.ts'

export interface FilmDoorOptions {
  /** What `videos.stream` sends when nothing is said in the query. Throws. */
  openFilm: (id: VideoId) => Promise<ServedBlob>
  authenticate: Authenticate
  requestIds: RequestIds
  log: Log
  metrics: Metrics
  /** Answers everything else. */
  otherwise: RequestListener
}

const { path: route, params } = routes['videos.stream']
const [before = '', after = ''] = route.split(':id')

/**
 * A room of players asks for ranges thousands of times a second, and Koa with its router costs as much as the bytes. So
 * the plain case is answered here: a film, allowed, whole or in parts. Whatever else turns out (a failure, a condition, a
 * query) is handed on with nothing sent, and decided anew by the one place that knows how to say it.
 */
export function createFilmDoor({ openFilm, otherwise, log, ...options }: FilmDoorOptions): RequestListener {
  const { authenticate, requestIds, metrics } = options

  async function answer(id: VideoId, req: IncomingMessage, res: ServerResponse): Promise<boolean> {
    const requestId = requestIds(req)
    try {
      await authenticate(credentialsOf(req.headers, undefined))
      return await sendPlain(
        { req, res, headers: { 'x-request-id': requestId, ...carefulHeaders } },
        await openFilm(id),
      )
    } catch (fault) {
      if (!res.headersSent) return false
      failureOf(fault, log, { requestId, route })
      res.destroy()
      return true
    }
  }
  return (req, res) => {
    const id = filmOf(req)
    if (id === null) return otherwise(req, res)
    const began = performance.now()
    void answer(id, req, res).then(answered => {
      if (!answered) return otherwise(req, res)
      const labels = { route, method: req.method ?? '', status: res.statusCode }
      metrics.httpSeconds.observe(labels, (performance.now() - began) / 1000)
    })
  }
}

/** The video whose film is asked for, without a query; null for any other request. */
function filmOf({ method, url = '' }: IncomingMessage): VideoId | null {
  if (method !== 'GET' && method !== 'HEAD') return null
  if (!url.startsWith(before) || !url.endsWith(after)) return null
  const parsed = params.safeParse({ id: url.slice(before.length, -after.length) })
  return parsed.success ? parsed.data.id : null
}
