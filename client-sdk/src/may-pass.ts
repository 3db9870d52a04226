import { failureKind } from '../../shared/index.ts'
import { RushesError } from './rushes-error.ts'

/** Of whoever answered, and over after a while: a disk that is full is so a moment later, too. */
const isServerFault = (status: number): boolean => status >= 500 && status !== 507

/** Where nothing but the status is known: whoever answered failed, or the request was too slow, or one too many. */
export const isPassingStatus = (status: number): boolean => isServerFault(status) || status === 408 || status === 429

/**
 * Whether the same may well be granted a moment later: nobody answered, it passes by the contract (the database is away,
 * one was too fast, …), or somebody before the server failed, by the status. False for all that is no `RushesError`.
 */
export const mayPass = (fault: unknown): boolean => fault instanceof RushesError && passes(fault)

function passes({ code, status }: RushesError): boolean {
  if (code === 'network') return true
  // A page that a proxy wrote has no code of ours: `server.internal` stands for it, whatever its status.
  const kind = code === 'server.internal' ? undefined : failureKind(code)
  return kind ? kind.passes === true : isPassingStatus(status)
}
