import { once } from 'node:events'
import { io } from 'socket.io-client'
import { WebSocket } from 'ws'

/** What a caller shows: a key as the door's clients do, nothing, or a header of theirs. */
type Shown = string | undefined | { authorization: string }
type Knock = (url: string, videoId: string, shown: Shown) => Promise<string>

const bearer = (shown: Shown): Record<string, string> =>
  typeof shown === 'string' ? { authorization: `Bearer ${shown}` } : { ...shown }
/** For doors at which a key is no header. */
const apart = (shown: Shown): { key: string | undefined; headers: Record<string, string> } =>
  typeof shown === 'object' ? { key: undefined, headers: { ...shown } } : { key: shown, headers: {} }

async function codeOf(response: Response): Promise<string> {
  if (!response.ok) return ((await response.json()) as { error: { code: string } }).error.code
  // A film is long: that it comes is enough.
  await response.body?.cancel()
  return 'open'
}
const http =
  (path: string, init: RequestInit & { headers?: Record<string, string> } = {}): Knock =>
  async (url, videoId, key) =>
    codeOf(
      await fetch(`${url}${path.replace(':id', videoId)}`, { ...init, headers: { ...init.headers, ...bearer(key) } }),
    )

export const connectSocketIo = (url: string, auth: object, extraHeaders = {}) =>
  io(`${url}/rooms`, { transports: ['websocket'], forceNew: true, reconnection: false, auth, extraHeaders })

const socketIo: Knock = async (url, _, shown) => {
  const { key, headers } = apart(shown)
  const socket = connectSocketIo(url, { token: key }, headers)
  try {
    return await new Promise<string>(resolve => {
      socket.on('connect', () => resolve('open'))
      socket.on('connect_error', fault => {
        resolve((fault as unknown as { data: { error: { code: string } } }).data.error.code)
      })
    })
  } finally {
    socket.close()
  }
}

export const plainAddress = (url: string, videoId: string, key: string | undefined) =>
  `${url.replace('http', 'ws')}/ws/chat/${videoId}${key === undefined ? '' : `?token=${encodeURIComponent(key)}`}`

const plain: Knock = async (url, videoId, shown) => {
  const { key, headers } = apart(shown)
  const socket = new WebSocket(plainAddress(url, videoId, key), { headers })
  const refused = once(socket, 'unexpected-response').then(async ([, answer]) => {
    const text = Buffer.concat(await answer.toArray()).toString()
    return (JSON.parse(text) as { error: { code: string } }).error.code
  })
  const outcome = await Promise.race([refused, once(socket, 'open').then(() => 'open')])
  socket.on('error', () => {})
  socket.terminate()
  return outcome
}

const tus = { 'tus-resumable': '1.0.0', 'upload-length': '10' }

/** Each way in, by its name. A knock answers `open`, or the failure it was met with. */
export const doors: Record<string, Knock> = {
  library: http('/api/videos'),
  metrics: http('/metrics'),
  keys: http('/api/keys'),
  film: http('/api/videos/:id/stream'),
  download: http('/api/videos/:id/stream?download=1'),
  picture: http('/api/videos/:id/thumbnail'),
  'resumable upload': http('/api/uploads/resumable', { method: 'POST', headers: tus }),
  'Socket.IO': socketIo,
  'plain WebSocket': plain,
}

/** What each door says to this key. */
export async function knockAtAll(url: string, videoId: string, key: Shown): Promise<Record<string, string>> {
  const said = await Promise.all(
    Object.entries(doors).map(async ([name, knock]) => [name, await knock(url, videoId, key)] as const),
  )
  return Object.fromEntries(said)
}

export const allSay = (answer: string): Record<string, string> =>
  Object.fromEntries(Object.keys(doors).map(name => [name, answer]))
