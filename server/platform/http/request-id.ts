import { randomBytes } from 'node:crypto'
import type { IncomingMessage } from 'node:http'

const requestIdShape = /^[\w.-]{8,64}$/

/** Names requests: by what the caller calls them, else by this process and a count, which is as unique as chance and cheaper. */
export function createRequestIds(): (req: IncomingMessage) => string {
  const process = randomBytes(9).toString('base64url')
  let count = 0
  return req => {
    const given = req.headers['x-request-id']
    if (typeof given === 'string' && requestIdShape.test(given)) return given
    count += 1
    return `${process}.${count.toString(36)}`
  }
}
export type RequestIds = ReturnType<typeof createRequestIds>
