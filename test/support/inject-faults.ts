// Loaded before a server that is to meet faults which nobody catches (`--import`): a request asks for one by its header.
import { EventEmitter } from 'node:events'
import { ServerResponse } from 'node:http'

const faults: Record<string, () => void> = {
  timer: () => {
    throw new Error('injected')
  },
  promise: () => void Promise.reject(new Error('injected')),
  emitter: () => void new EventEmitter().emit('error', new Error('injected')),
}

const { writeHead } = ServerResponse.prototype
/** Every door says its head in the course of its request: what is begun here belongs to that. */
ServerResponse.prototype.writeHead = function (this: ServerResponse, ...given: unknown[]) {
  const fault = faults[String(this.req.headers['x-fault'])]
  if (fault) setTimeout(fault, 5)
  return Reflect.apply(writeHead, this, given)
}
