import type { IncomingMessage, RequestListener } from 'node:http'
import { routes, type VideoId } from '../../../shared/index.ts'
import type { Log } from '../log.ts'
import type { Metrics } from '../metrics.ts'
import { type Authenticate, credentialsOf } from './credentials.ts'
import { carefulHeaders } from './koa.ts'
import { failureOf, refuseRequest } from './refuse.ts'
import type { RequestIds } from './request-id.ts'
import { representationHeaders, type ServedBlob, sendBytes } from './serve-blob.ts'
import { createWarmFilms, type WarmFilm } from './warm-films.ts'
import type { Exchange } from './while-permitted.ts'

export interface FilmDoorOptions {
  /** What `videos.stream` sends when nothing but a token is said in the query. Throws. */
  openFilm: (id: VideoId) => Promise<ServedBlob>
  authenticate: Authenticate
  requestIds: RequestIds
  log: Log
  metrics: Metrics
  /** Answers everything else. */
  otherwise: RequestListener
}
export interface FilmDoor {
  handle: RequestListener
  /** Something happened to this video: what was known of its film is asked anew. */
  forget(id: VideoId): void
  stop(): Promise<void>
}

const { path: route, params } = routes['videos.stream']
const [before = '', after = ''] = route.split(':id')

/**
 * A room of players asks for ranges thousands of times a second, and Koa with its router costs more than the bytes. So
 * the plain case is answered here: a film, allowed, whole or in parts. Whatever else turns out (a failure, a condition, a
 * query) is handed on with nothing sent, and decided anew by the one place that knows how to say it.
 */
export function createFilmDoor({ openFilm, otherwise, log, ...options }: FilmDoorOptions): FilmDoor {
  const { authenticate, requestIds, metrics } = options
  const films = createWarmFilms()

  async function warm(key: string, req: IncomingMessage): Promise<WarmFilm | null> {
    const asked = filmOf(req.url ?? '')
    if (!asked) return null
    try {
      const { id, token } = asked
      const link = token ? { token, videoId: id, file: null } : undefined
      const { permit } = await authenticate(credentialsOf(req.headers, link))
      const served = await openFilm(id)
      const headers = { ...carefulHeaders, ...representationHeaders(served) }
      return films.keep(key, { id, served, headers, permit })
    } catch {
      return null // said by `otherwise`, which meets the same fault
    }
  }
  function send(key: string, film: WarmFilm, { req, res }: Exchange): void {
    const began = performance.now()
    const requestId = requestIds(req)
    const headers = { 'x-request-id': requestId, ...film.headers }
    const sending = sendBytes({ req, res, headers }, film.served)
    if (!sending) {
      films.letGo(key, film, false)
      otherwise(req, res)
      return
    }
    const release = film.permit.onEnd(() => res.destroy())
    const done = (fault?: unknown) => {
      release()
      if (fault !== undefined) {
        failureOf(fault, log, { requestId, route })
        res.destroy()
      }
      films.letGo(key, film, res.destroyed && !res.writableFinished)
      const labels = { route, method: req.method ?? '', status: res.statusCode }
      metrics.httpSeconds.observe(labels, (performance.now() - began) / 1000)
    }
    sending.then(() => done(), done)
  }
  return {
    handle(req, res) {
      if (!isOfFilm(req)) return otherwise(req, res)
      const key = askedBy(req)
      const film = films.take(key)
      if (film) return send(key, film, { req, res })
      warm(key, req)
        .then(opened => (opened ? send(key, opened, { req, res }) : otherwise(req, res)))
        .catch(fault => refuseRequest(res, fault, { requestId: requestIds(req), route, log }))
    },
    forget: films.forget,
    stop: async () => films.stop(),
  }
}

const isOfFilm = ({ method, url = '' }: IncomingMessage) =>
  (method === 'GET' || method === 'HEAD') &&
  url.startsWith(before) &&
  (url.endsWith(after) || url.includes(`${after}?token=`))

/** What the decision to let a caller see a film hangs on. No header holds a line break: one that isn't there differs from an empty one. */
const askedBy = ({ url, headers: { authorization = '\n', origin = '\n', host = '\n' } }: IncomingMessage) =>
  `${url}\n${authorization}\n${origin}\n${host}`

/** The video whose film is asked for with at most a token in the query; null for any other request. */
function filmOf(url: string): { id: VideoId; token: string | undefined } | null {
  const [path = '', query = ''] = url.split('?', 2)
  if (!path.endsWith(after)) return null
  const parsed = params.safeParse({ id: path.slice(before.length, -after.length) })
  const said = new URLSearchParams(query)
  if (!parsed.success || [...said.keys()].some(name => name !== 'token') || said.size > 1) return null
  return { id: parsed.data.id, token: said.get('token') ?? undefined }
}
