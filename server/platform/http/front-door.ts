import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'
import type { Readable } from 'node:stream'
import type { Errands } from '../errands.ts'
import { AppError } from '../errors.ts'
import type { Log } from '../log.ts'
import { type Patience, waitFor } from './patience.ts'
import { refuseRequest } from './refuse.ts'
import type { RequestIds } from './request-id.ts'

export interface FrontDoorOptions {
  requestIds: RequestIds
  errands: Errands
  patience: Patience
  log: Log
}

/** What holds for every request, whoever answers it: it has a name, its caller is waited for so long, and its faults are heard. */
export function openFrontDoor(options: FrontDoorOptions, handle: RequestListener): RequestListener {
  const { requestIds, errands, patience, log } = options
  return (request, response) => {
    const requestId = requestIds(request)
    // The doors behind read it from there.
    request.headers['x-request-id'] = requestId
    const { method: door = '', url: what = '' } = request
    const refuse = (fault: unknown) => refuseRequest(response, fault, { requestId, log })
    // What breaks an answer is told by its `close`.
    response.on('error', ignore)
    response.on('pipe', hearFaults)
    if (response.socket === null) closeWithItsConnection(request, response)
    waitFor({ request, response, refuse }, patience)
    try {
      checkAddress(request)
      errands.run({ requestId, door, what }, () => handle(request, response))
    } catch (fault) {
      refuse(fault)
    }
  }
}

const ignore = () => {}

/** A file that is sent as it is read may be gone by now: the rest of the answer is missing, and that is all. */
function hearFaults(this: ServerResponse, source: Readable): void {
  source.on('error', () => this.destroy())
}

/** An answer that waits for the one before it is not told when its caller hangs up meanwhile: those at work on it would wait for ever. */
function closeWithItsConnection({ socket }: IncomingMessage, response: ServerResponse): void {
  const close = () => void response.emit('close')
  // As many as there are requests under way on it.
  socket.setMaxListeners(0)
  socket.once('close', close)
  response.once('socket', () => socket.off('close', close))
}

/** A whole URL stands there when the sender takes us for a proxy (RFC 9112, 3.2.2), and need not be one. */
function checkAddress({ url = '' }: IncomingMessage): void {
  if (!url.startsWith('/') && url !== '*' && !URL.canParse(url))
    throw new AppError('request.malformed', 'The address of this request is no URL.')
}
