import { v7 as uuidv7 } from 'uuid'
import { type Failure, type SocketRequestName, socketRequests } from '../../../shared/index.ts'
import { AppError, toFailure } from '../errors.ts'
import type { Log } from '../log.ts'
import { parseInput } from '../parse-input.ts'
import { cutText, storableText } from '../text.ts'
import type { SocketCaller, SocketHandlers } from './handlers.ts'

export interface Asked {
  /** As it came: nobody has looked at it yet. */
  event: unknown
  payload: unknown
  caller: SocketCaller
}
export type Dispatch = (asked: Asked) => Promise<({ ok: true } & object) | Failure>

/** Parses what came through a door and has it answered; never rejects. */
export function createDispatch(handlers: SocketHandlers, log: Log): Dispatch {
  return async asked => {
    try {
      return await answer(handlers, asked)
    } catch (fault) {
      const failure = toFailure(fault, uuidv7())
      const { code, requestId } = failure.error
      if (code === 'server.internal') log.error({ requestId, event: asked.event, err: fault }, 'socket request failed')
      return { error: failure.error }
    }
  }
}

async function answer(handlers: SocketHandlers, { event, payload, caller }: Asked): Promise<{ ok: true } & object> {
  if (!isRequestName(event)) throw new AppError('request.unknown_event', `There is no request "${shownName(event)}".`)
  const handle = handlers[event] as (payload: unknown, caller: SocketCaller) => Promise<object>
  return { ok: true, ...(await handle(parseInput(socketRequests[event], payload, 'payload'), caller)) }
}

const isRequestName = (event: unknown): event is SocketRequestName =>
  typeof event === 'string' && Object.hasOwn(socketRequests, event)

/** Socket.IO takes numbers for names, too. */
const shownName = (event: unknown): string => cutText(storableText(String(event)), 60)
