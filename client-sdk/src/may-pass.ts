import { failureStatus, passingFailures } from '../../shared/index.ts'
import { RushesError } from './rushes-error.ts'

/** Of whoever answered, and over after a while: a disk that is full is so a moment later, too. */
export const isServerFault = (status: number): boolean => status >= 500 && status !== 507

/** Worth another try: no answer, what passes by the contract, or a fault of somebody before the server by its status. */
export const mayPass = (fault: unknown): boolean => fault instanceof RushesError && passes(fault)

function passes({ code, status }: RushesError): boolean {
  if (code === 'network') return true
  // A page that a proxy wrote has no code of ours: `server.internal` stands for it, whatever its status.
  const isOurs = code in failureStatus && code !== 'server.internal'
  return isOurs ? passingFailures.has(code) : isServerFault(status) || status === 429
}
