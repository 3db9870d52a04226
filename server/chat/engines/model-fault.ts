import { APIConnectionError, APIError } from 'openai'

/** Why the model's stream was given up; its message may be shown. */
export class BrokenOff extends Error {}

/** Its server does not say what it should, and would not when it is asked again. */
export class Garbled extends BrokenOff {
  constructor() {
    super('its server sent what could not be read')
  }
}

/** What happened, for people: never what the other server wrote, which may hold keys or addresses. */
export function describeFault(fault: unknown): string {
  if (fault instanceof BrokenOff) return fault.message
  if (fault instanceof APIConnectionError) return 'it could not be reached'
  if (fault instanceof APIError && fault.status !== undefined) return describeStatus(fault.status)
  if (fault instanceof APIError) return 'its server sent an error'
  return 'the connection broke off'
}

function describeStatus(status: number): string {
  const why = reasons.get(status)
  return why === undefined ? `its server answered ${status}` : `its server answered ${status}: ${why}`
}

const reasons: ReadonlyMap<number, string> = new Map([
  [401, 'the key is refused'],
  [403, 'the key may not ask it'],
  [404, 'the model is unknown there'],
  [429, 'it is asked too often'],
])
