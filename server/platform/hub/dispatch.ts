import { v7 as uuidv7 } from 'uuid'
import {
  type Failure,
  type SocketRequestName,
  type SocketRequestRule,
  socketRequests,
  streamAsked,
} from '../../../shared/index.ts'
import { mustBeAllowed } from '../caller.ts'
import { AppError, toFailure } from '../errors.ts'
import type { Log } from '../log.ts'
import { parseInput } from '../parse-input.ts'
import { cutText, storableText } from '../text.ts'
import { mustBeIn, type SocketCaller, type SocketHandlers } from './handlers.ts'
import type { Paces } from './paces.ts'

export interface Asked {
  /** As it came: nobody has looked at it yet. */
  event: unknown
  payload: unknown
  caller: SocketCaller
}
export type Dispatch = (asked: Asked) => Promise<({ ok: true } & object) | Failure>

export interface DispatchOptions {
  handlers: SocketHandlers
  paces: Paces
  log: Log
}

/** Parses what came through a door, looks whether it may be asked, and has it answered; never rejects. */
export function createDispatch({ handlers, paces, log }: DispatchOptions): Dispatch {
  return async asked => {
    try {
      return await answer(handlers, paces, asked)
    } catch (fault) {
      const failure = toFailure(fault, uuidv7())
      const { code, requestId } = failure.error
      if (code === 'server.internal') log.error({ requestId, event: asked.event, err: fault }, 'socket request failed')
      return { error: failure.error }
    }
  }
}

async function answer(
  handlers: SocketHandlers,
  paces: Paces,
  { event, payload, caller }: Asked,
): Promise<{ ok: true } & object> {
  if (!isRequestName(event)) throw new AppError('request.unknown_event', `There is no request "${shownName(event)}".`)
  const rule: SocketRequestRule = socketRequests[event]
  const parsed = parseInput(rule.payload, payload, 'payload')
  count(paces, rule, { parsed, caller })
  admit(rule, { parsed, caller })
  const handle = handlers[event] as (payload: unknown, caller: SocketCaller) => Promise<object>
  return { ok: true, ...(await handle(parsed, caller)) }
}

interface Parsed {
  parsed: unknown
  caller: SocketCaller
}

function count(paces: Paces, { pace }: SocketRequestRule, { parsed, caller }: Parsed): void {
  const { connectionId, memberId, isLasting } = caller
  // Whoever is gone with their connection is nobody but it.
  const asker = isLasting && pace !== 'signal' ? memberId : connectionId
  paces[pace](asker, (parsed as { clientId?: string }).clientId)
}

/** The one place of the sockets where it is asked who may. */
function admit(rule: SocketRequestRule, { parsed, caller }: Parsed): void {
  const asked = streamAsked(rule, parsed)
  // What is yet to be found is somewhere where they are, or nothing for them: who finds it sees to that.
  const stream = rule.about === 'found' ? (caller.by.stream ?? null) : asked
  mustBeAllowed(caller.by, { scope: rule.scope, stream })
  if (rule.from === 'inside' && asked !== null) mustBeIn(asked, caller)
}

const isRequestName = (event: unknown): event is SocketRequestName =>
  typeof event === 'string' && Object.hasOwn(socketRequests, event)

/** Socket.IO takes numbers for names, too. */
const shownName = (event: unknown): string => cutText(storableText(String(event)), 60)
