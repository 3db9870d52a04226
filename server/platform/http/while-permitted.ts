import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Permit } from '../permit.ts'

export interface Exchange {
  req: IncomingMessage
  res: ServerResponse
}

/** The outcome of the work, or the fault that ends the caller's permit before it: then nobody waits for the work any more. */
export async function whilePermitted<T>(permit: Permit, { req, res }: Exchange, work: () => Promise<T>): Promise<T> {
  if (permit.fault) throw permit.fault
  const ended = Promise.withResolvers<never>()
  const stop = permit.onEnd(fault => {
    // Whoever takes in the body would go on with it while the refusal is being sent.
    if (!req.complete) res.once('finish', () => req.destroy())
    ended.reject(fault)
  })
  try {
    return await Promise.race([ended.promise, work()])
  } finally {
    stop()
  }
}
