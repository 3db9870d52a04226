import { DrizzleQueryError } from 'drizzle-orm/errors'
import { type Failure, type FailureCode, failures, type SaidFailureCode } from '../../shared/index.ts'
import { cutText, storableText } from './text.ts'

/** What quotes a request must not grow with it. */
const longestSentence = 2000

/** A failure that its receiver can act on: a code from the contract's table and a sentence for a person. */
export class AppError extends Error {
  readonly code: FailureCode
  readonly details: unknown
  constructor(code: FailureCode, message: string, options: { cause?: unknown; details?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.name = 'AppError'
    this.code = code
    this.details = options.details
  }
  get status(): number {
    return failures[this.code].status
  }
}

/** A failure with the sentence of the table. */
export const fail = (code: SaidFailureCode, options: { cause?: unknown; details?: unknown } = {}): AppError =>
  new AppError(code, failures[code].sentence, options)

const outages: ReadonlySet<string> = new Set(['storage.unavailable', 'database.unavailable'])

/** Something that this server needs is away: nobody's fault, and over after a while. */
export const isOutage = (fault: unknown): fault is AppError => fault instanceof AppError && outages.has(fault.code)

/** It ended because the server does: no fault, and nothing to tell. */
export const isStopping = (fault: unknown): boolean => fault instanceof AppError && fault.code === 'server.stopping'

/** Why the server can't start, in a sentence for whoever starts it. */
export class StartError extends Error {}

/** What leaves the process: an unknown fault is named by its request id only, never shown. */
export function toFailure(fault: unknown, requestId: string): Failure & { status: number } {
  const error = fault instanceof AppError ? fault : isDiskFull(fault) ? diskFull(fault) : fail('server.internal')
  const { code, details, status } = error
  const message = cutText(error.message, longestSentence)
  return { status, error: { code, message, ...(details === undefined ? {} : { details }), requestId } }
}

/** What the file system and PostgreSQL (`disk_full`) say of a disk that is full. */
const diskFullCodes: ReadonlySet<unknown> = new Set(['ENOSPC', 'EDQUOT', '53100'])

/** As deep as faults are wrapped here; a cause may lead back to itself. */
function isDiskFull(fault: unknown, depth = 4): boolean {
  const { code, cause } = (fault ?? {}) as { code?: unknown; cause?: unknown }
  return diskFullCodes.has(code) || (depth > 0 && cause !== undefined && isDiskFull(cause, depth - 1))
}

export const diskFull = (cause: unknown): AppError => fail('storage.full', { cause })

/** The sentence of whatever was thrown, for logs. */
export const messageOf = (fault: unknown): string => (fault instanceof Error ? fault.message : String(fault))

/**
 * Why something failed, to be stored and shown: what a service or a tool said may hold what can't be stored, and a query
 * that failed quotes what it was asked with.
 */
export function reasonOf(fault: unknown): string {
  const told = fault instanceof DrizzleQueryError ? fault.cause : fault
  return storableText(cutText(messageOf(told), longestSentence))
}
