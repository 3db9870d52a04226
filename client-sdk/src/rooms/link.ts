import { io } from 'socket.io-client'
import {
  type SocketAnswers,
  type SocketNoticeName,
  type SocketNotices,
  type SocketRequestInput,
  type SocketRequestName,
  socketNamespace,
} from '../../../shared/index.ts'
import { type Credentials, isRefused } from '../http/credentials.ts'
import { mayPass } from '../may-pass.ts'
import { errorFromWire, networkError, RushesError } from '../rushes-error.ts'

export interface LinkOptions {
  url: string | URL
  credentials: Pick<Credentials, 'token' | 'mayChange'>
  name: string | undefined
  /** The secret by which it is the same person again. */
  person: string
}

/**
 * Asks the server one thing, once. Throws what it refused with, or `network`. `onAnswer` is called before any notice that
 * came after the answer: those may be read in one go, and be handled before the promise is.
 */
export type SocketRequester = <N extends SocketRequestName>(
  name: N,
  payload: SocketRequestInput<N>,
  onAnswer?: (answer: SocketAnswers[N]) => void,
) => Promise<SocketAnswers[N]>

/** One connection to the rooms. It comes back by itself. */
export interface Link {
  readonly isConnected: boolean
  /** The server's name for this connection; another one after every reconnection. Undefined without one. */
  readonly id: string | undefined
  request: SocketRequester
  /** Without an answer, and not at all when there is no connection. */
  tell<N extends SocketRequestName>(name: N, payload: SocketRequestInput<N>): void
  onNotice<N extends SocketNoticeName>(name: N, listener: (notice: SocketNotices[N]) => void): void
  onConnected(listener: () => void): void
  onDisconnected(listener: () => void): void
  /** Called for every attempt that failed; a refused one is not tried again. */
  onRefused(listener: (reason: RushesError) => void): void
  close(): void
}

const answerTimeoutMs = 10_000
const retryMs = 1000

export function openLink(options: LinkOptions): Link {
  const { origin, pathname } = new URL(options.url)
  const { credentials } = options
  const refusedListeners = new Set<(reason: RushesError) => void>()
  const refuse = (reason: RushesError) => {
    for (const listener of refusedListeners) listener(reason)
  }
  const showing = createShowing(options, fault => {
    socket.disconnect()
    if (mayPass(fault)) retrySoon()
    else refuse(fault)
  })
  const socket = io(`${origin}${socketNamespace}`, {
    path: `${pathname.replace(/\/+$/, '')}/socket.io/`,
    auth: showing.show,
    forceNew: true,
    // A WebSocket at once; long polling where a proxy lets none through.
    transports: ['websocket', 'polling'],
    tryAllTransports: true,
    reconnectionDelay: 300,
    reconnectionDelayMax: 5000,
  })
  let retry: ReturnType<typeof setTimeout> | undefined
  const retrySoon = () => {
    retry = setTimeout(() => socket.connect(), retryMs)
  }
  // Socket.IO does not come back from these two by itself.
  socket.on('disconnect', reason => reason === 'io server disconnect' && retrySoon())
  let isAnotherTried = false
  socket.on('connect', () => {
    isAnotherTried = false
  })
  socket.on('connect_error', fault => {
    const refusal = refusalIn(fault)
    if (!refusal) return
    const triesAnother = credentials.mayChange && isRefused(refusal) && !isAnotherTried
    if (triesAnother) isAnotherTried = true
    if (triesAnother || mayPass(refusal)) retrySoon()
    else refuse(refusal)
  })

  return {
    get isConnected() {
      return socket.connected
    },
    get id() {
      return socket.id
    },
    request(requested, payload, onAnswer) {
      return new Promise((resolve, reject) => {
        if (!socket.connected) return reject(networkError(undefined, 'There is no connection to the room.'))
        socket.timeout(answerTimeoutMs).emit(requested, payload, (fault: Error | null, given: unknown) => {
          if (fault) return reject(networkError(fault))
          if (!isAnswer(given)) return reject(refusalOf(given))
          const answer = given as SocketAnswers[typeof requested]
          onAnswer?.(answer)
          resolve(answer)
        })
      })
    },
    // Not volatile: Socket.IO drops that as soon as anything else is on its way in the same moment.
    tell: (requested, payload) => void (socket.connected && socket.emit(requested, payload)),
    onNotice: (notice, listener) => void socket.on(notice as string, listener),
    onConnected: listener => void socket.on('connect', listener),
    onDisconnected: listener => void socket.on('disconnect', listener),
    onRefused: listener => void refusedListeners.add(listener),
    close() {
      showing.stop()
      clearTimeout(retry)
      socket.disconnect()
    },
  }
}

/** Tells each new connection who asks. One that has gone meanwhile is told nothing. */
function createShowing({ credentials, name, person }: LinkOptions, onFault: (fault: RushesError) => void) {
  let connection = 0
  return {
    show(tell: (shown: object) => void) {
      const mine = ++connection
      credentials.token().then(
        token => mine === connection && tell({ person, ...(token && { token }), ...(name && { name }) }),
        fault => mine === connection && onFault(fault),
      )
    },
    stop: () => void connection++,
  }
}

const isAnswer = (given: unknown): given is object => typeof given === 'object' && given !== null && 'ok' in given
const refusalOf = (given: unknown): RushesError =>
  errorFromWire(given) ?? new RushesError('server.internal', 'The answer can not be read.', { details: given })

/** What the server said when it let nobody in; undefined when it was not reached. */
const refusalIn = (fault: Fault): RushesError | undefined => errorFromWire(fault.data ?? answerIn(fault))

/** Refused before it was a socket: then the answer lies where Engine.IO's polling keeps it. */
interface Fault extends Error {
  data?: unknown
  context?: { responseText?: unknown }
}
function answerIn({ context }: Fault): unknown {
  try {
    return JSON.parse(String(context?.responseText))
  } catch {
    return undefined // a proxy's page, or nothing
  }
}
