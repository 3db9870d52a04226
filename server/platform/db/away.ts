import { DatabaseError } from 'pg'
import { AppError, messageOf } from '../errors.ts'

/**
 * The database can't be reached, or the connection ended before it had answered. What was asked for may have been done
 * in the second case: only what may be done twice is asked for again.
 */
export class DatabaseAway extends AppError {
  /** It took its whole time to find out, so that nobody should wait for that once more. */
  readonly wasSilent: boolean
  constructor(cause: unknown) {
    super('database.unavailable', 'The database can not be reached now. Try again in a few seconds.', {
      cause,
    })
    this.name = 'DatabaseAway'
    this.wasSilent = messageOf(cause) === silence
  }
}

/** What pg says when a statement is not answered in time; it ends the connection then. */
const silence = 'Query read timeout'

/** True for faults after which a connection is of no use any more, heard from the database or from pg. */
export const endsConnection = (fault: unknown): boolean =>
  fault instanceof DatabaseError
    ? fault.severity === 'FATAL' || fault.severity === 'PANIC'
    : messageOf(fault) === silence
