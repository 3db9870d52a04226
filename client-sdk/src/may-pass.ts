import { RushesError } from './rushes-error.ts'

/** Of whoever answered, and over after a while: a disk that is full is so a moment later, too. */
export const isServerFault = (status: number): boolean => status >= 500 && status !== 507

/** No answer, or a fault of whoever answered: worth another try. What was refused is refused again. */
export const mayPass = (fault: unknown): boolean =>
  fault instanceof RushesError && (fault.code === 'network' || isServerFault(fault.status) || fault.status === 429)
