import { once } from 'node:events'
import { type IncomingMessage, request } from 'node:http'
import { text } from 'node:stream/consumers'

/** As much of `fetch` as the client needs for JSON, through a unix socket. */
export const fetchThrough =
  (socketPath: string): typeof fetch =>
  async (input, { method = 'GET', headers, body } = {}) => {
    const { pathname, search } = new URL(String(input))
    const asking = request({ socketPath, path: pathname + search, method, headers: headers as Record<string, string> })
    asking.end(body)
    const [answer] = (await once(asking, 'response')) as [IncomingMessage]
    const status = answer.statusCode ?? 500
    const said = await text(answer)
    return new Response(status === 204 ? null : said, { status })
  }
