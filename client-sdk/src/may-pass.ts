import { RushesError } from './rushes-error.ts'

/** No answer, or a fault of whoever answered: worth another try. What was refused is refused again. */
export const mayPass = (fault: unknown): boolean =>
  fault instanceof RushesError && (fault.code === 'network' || fault.status >= 500 || fault.status === 429)
