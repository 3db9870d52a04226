import { AppError } from '../../errors.ts'
import { storageFault } from '../disk-faults.ts'

interface Fault {
  name?: string
  code?: unknown
  message?: string
  $metadata?: { httpStatusCode?: number }
}
const parts = (fault: unknown): Fault => (typeof fault === 'object' && fault !== null ? fault : {})
const statusOf = (fault: unknown): number | undefined => parts(fault).$metadata?.httpStatusCode
const nameOf = (fault: unknown): string => parts(fault).name ?? ''

/** No such object. A HEAD has no body to name its fault, so there a bucket that is missing looks the same. */
export const isNoObject = (fault: unknown): boolean =>
  ['NoSuchKey', 'NotFound'].includes(nameOf(fault)) || (statusOf(fault) === 404 && nameOf(fault) !== 'NoSuchBucket')

/** It was replaced since its entity tag was read. */
export const isReplaced = (fault: unknown): boolean => nameOf(fault) === 'PreconditionFailed' || statusOf(fault) === 412

/** Names that servers give a full store; none is in a standard. */
const fullNames = ['InsufficientStorage', 'QuotaExceeded', 'XMinioStorageFull', 'XMinioAdminBucketQuotaExceeded']
const busyStatus = (status: number): boolean => status >= 500 || status === 429 || status === 408

/** What the object store, or the way to it, said: as one of ours where somebody can act on it. */
export function s3Fault(fault: unknown): Error {
  if (fault instanceof AppError) return fault
  const status = statusOf(fault)
  const unavailable = (message: string) => new AppError('storage.unavailable', message, { cause: fault })
  if (status === 507 || fullNames.includes(nameOf(fault)))
    return new AppError('storage.full', 'There is no space left in the object store.', { cause: fault })
  if (nameOf(fault) === 'NoSuchBucket') return unavailable('The bucket for the files is not there.')
  if (status === 401 || status === 403) return unavailable('The object store does not let this server in.')
  if (status !== undefined && busyStatus(status)) return unavailable('The object store is in trouble. Try again soon.')
  if (status === undefined && isOfTheWay(fault))
    return unavailable('The object store can not be reached. Try again soon.')
  return storageFault(fault)
}

/** Faults of connections carry a code that is text; those of the local disk are told apart by theirs. */
function isOfTheWay(fault: unknown): boolean {
  const { code } = parts(fault)
  if (nameOf(fault) === 'AbortError') return false
  return nameOf(fault) === 'TimeoutError' || (typeof code === 'string' && !localCodes.has(code))
}
const localCodes = new Set(['ENOSPC', 'EDQUOT', 'EACCES', 'EISDIR', 'ENOENT', 'EMFILE', 'EROFS', 'EIO', 'ABORT_ERR'])

/** What was asked of the store, with its faults in our words. */
export const asked = <T>(answer: Promise<T>): Promise<T> =>
  answer.catch(fault => {
    throw s3Fault(fault)
  })

/** For operators: what stands behind a fault of ours. */
export function causeOf(fault: unknown): string {
  const cause = parts(fault instanceof Error && fault.cause ? fault.cause : fault)
  return cause.message || String(cause.code ?? cause.name ?? fault)
}
