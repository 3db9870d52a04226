import { v7 as uuidv7 } from 'uuid'
import { type Failure, type SocketRequestName, socketRequests } from '../../../shared/index.ts'
import { AppError, toFailure } from '../errors.ts'
import type { Log } from '../log.ts'
import type { SocketCaller, SocketHandlers } from './handlers.ts'

export interface Asked {
  event: string
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
  if (!Object.hasOwn(socketRequests, event))
    throw new AppError('request.unknown_event', `There is no request "${event.slice(0, 60)}".`)
  const name = event as SocketRequestName
  const parsed = socketRequests[name].safeParse(payload)
  if (!parsed.success) {
    const issues = parsed.error.issues.map(({ path, message }) => ({ path: path.join('.'), message }))
    throw new AppError(
      'request.invalid',
      `The payload does not fit: ${issues.map(issue => `${issue.path}: ${issue.message}`).join('; ')}`,
      { details: { issues } },
    )
  }
  const handle = handlers[name] as (payload: unknown, caller: SocketCaller) => Promise<object>
  return { ok: true, ...(await handle(parsed.data, caller)) }
}
