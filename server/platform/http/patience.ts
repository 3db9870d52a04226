import type { IncomingMessage, ServerResponse } from 'node:http'
import { AppError } from '../errors.ts'

/** How long callers are waited for. */
export interface Patience {
  /** For all headers of a request. */
  headersMs: number
  /** For a body that is no large file, all of it. */
  bodyMs: number
  /** Without a byte from whoever sends, or taken by whoever is sent something. */
  silenceMs: number
  /** For players, who leave a connection untouched while they pause. */
  pauseMs: number
  /** For the rest of a body, when it is answered already. */
  lingerMs: number
  /** For the next request on the same connection. */
  idleMs: number
}

export const usualPatience: Patience = {
  headersMs: 14_000,
  bodyMs: 28_000,
  silenceMs: 28_000,
  pauseMs: 600_000,
  lingerMs: 10_000,
  idleMs: 20_000,
}

export interface Waiting {
  request: IncomingMessage
  response: ServerResponse
  /** Answers, or hangs up where that is too late. */
  refuse: (fault: AppError) => void
}

/**
 * Bounds how long one exchange may wait for its caller. Silence is what the socket's own timer tells, which the server sets
 * to `silenceMs`: it starts anew with every byte, in whichever direction.
 */
export function waitFor(waiting: Waiting, patience: Patience): void {
  const { request, response } = waiting
  response.on('timeout', () => hearSilence(waiting, patience))
  if (hasBody(request)) waitForBody(waiting, patience)
}

/** Whose turn was it? When it is ours, the caller has every right to be silent. */
function hearSilence({ request, response, refuse }: Waiting, { silenceMs, pauseMs }: Patience): void {
  const { socket } = request
  const sendsNothing = !request.complete && request.readableLength === 0 && !response.writableEnded
  const takesNothing = socket.writableLength > 0
  const isPaused = takesNothing && !response.writableEnded
  // The socket keeps the longer time until the answer is over.
  const isTooLong = isPaused ? socket.timeout === pauseMs : takesNothing
  if (sendsNothing) refuse(tooSlow(`Nothing came for ${inSeconds(silenceMs)}.`))
  else if (isTooLong) socket.destroy()
  else socket.setTimeout(isPaused ? pauseMs : silenceMs)
}

function waitForBody({ request, response, refuse }: Waiting, { bodyMs, lingerMs }: Patience): void {
  const timers = new Set<NodeJS.Timeout>()
  const unlessItIsThere = (afterMs: number, end: () => void) =>
    timers.add(setTimeout(() => request.complete || end(), afterMs))
  if (!mayTakeLong(request))
    unlessItIsThere(bodyMs, () => refuse(tooSlow(`The body was not there within ${inSeconds(bodyMs)}.`)))
  // Whoever is refused while still sending gets the answer only when what comes is read for a while.
  response.once('finish', () => unlessItIsThere(lingerMs, () => request.destroy()))
  request.once('close', () => {
    for (const timer of timers) clearTimeout(timer)
  })
}

const hasBody = ({ headers }: IncomingMessage) =>
  headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0

/** Large files, which take as long as they take, as long as they come. */
export const mayTakeLong = ({ method, headers }: IncomingMessage) =>
  method === 'PUT' || /^(multipart\/form-data|application\/offset\+octet-stream)\b/i.test(headers['content-type'] ?? '')

const inSeconds = (ms: number) => `${ms / 1000} seconds`
const tooSlow = (what: string) => new AppError('request.timeout', `${what} Send it again.`)
