import { DatabaseError } from 'pg'
import { AppError } from '../errors.ts'

/**
 * The database can't be reached, or the connection ended before it had answered. What was asked for may have been done
 * in the second case: only what may be done twice is asked for again.
 */
export class DatabaseAway extends AppError {
  constructor(cause: unknown) {
    super('database.unavailable', 'The database can not be reached at the moment. Try again in a few seconds.', {
      cause,
    })
    this.name = 'DatabaseAway'
  }
}

/** pg ends a connection that stays silent for longer than a statement may take. */
const silence = 'Query read timeout'

/** True for faults after which a connection is of no use any more, heard from the database or from pg. */
export const endsConnection = (fault: unknown): boolean =>
  fault instanceof DatabaseError
    ? fault.severity === 'FATAL' || fault.severity === 'PANIC'
    : fault instanceof Error && fault.message === silence
