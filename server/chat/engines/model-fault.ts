import { APIConnectionError, APIError } from 'openai'

/** Why the model's stream was given up; its message may be shown. */
export class BrokenOff extends Error {}

/** What happened, for people: never what the other server wrote, which may hold keys or addresses. */
export function describeFault(fault: unknown): string {
  if (fault instanceof BrokenOff) return fault.message
  if (fault instanceof APIConnectionError) return 'it could not be reached'
  if (fault instanceof APIError && fault.status !== undefined) return `its server answered ${fault.status}`
  if (fault instanceof APIError) return 'its server sent an error'
  return 'the connection broke off'
}
