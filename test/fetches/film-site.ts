import { once } from 'node:events'
import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface FilmSite extends AsyncDisposable {
  /** With another name for its host, if need be. */
  at(path: string, host?: string): string
  /** Every request so far. */
  asked: IncomingMessage[]
  /** How many of its answers are under way. */
  readonly open: number
  /** Breaks them off. */
  cut(): void
}

/** A server of somebody else, on this machine. */
export async function openFilmSite(answer: RequestListener): Promise<FilmSite> {
  const asked: IncomingMessage[] = []
  const open = new Set<ServerResponse>()
  const server = createServer((request, response) => {
    asked.push(request)
    open.add(response)
    response.on('close', () => open.delete(response))
    answer(request, response)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    asked,
    at: (path, host = '127.0.0.1') => `http://${host}:${port}${path}`,
    get open() {
      return open.size
    },
    cut() {
      for (const response of open) response.destroy()
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      server.close()
    },
  }
}

export interface Sending {
  film: Buffer
  etag?: string
  /** Says nothing more from this byte of the film on. */
  until?: number
  headers?: Record<string, string>
}

/** As most servers of files do: ranges, by a strong tag. */
export function sendFilm({ headers: asked }: IncomingMessage, response: ServerResponse, sending: Sending): void {
  const { film, etag = '"one"', until = film.length, headers = {} } = sending
  const [, first = '0'] = /^bytes=(\d+)-$/.exec(asked.range ?? '') ?? []
  const isRest = asked.range !== undefined && asked['if-range'] === etag
  const start = isRest ? Number(first) : 0
  const range = isRest ? { 'content-range': `bytes ${start}-${film.length - 1}/${film.length}` } : {}
  const about = { etag, 'accept-ranges': 'bytes', 'content-type': 'video/mp4', ...range, ...headers }
  response.writeHead(isRest ? 206 : 200, { 'content-length': film.length - start, ...about })
  if (until >= film.length) return void response.end(film.subarray(start))
  response.write(film.subarray(start, until))
}
