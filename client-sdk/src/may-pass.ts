import { RushesError } from './rushes-error.ts'

/** A disk that is full is so a moment later, too. */
export const isFull = (status: number): boolean => status === 507

/** No answer, or a fault of whoever answered: worth another try. What was refused is refused again. */
export const mayPass = (fault: unknown): boolean =>
  fault instanceof RushesError &&
  (fault.code === 'network' || (fault.status >= 500 && !isFull(fault.status)) || fault.status === 429)
