import type { MessagePort } from 'node:worker_threads'
import type { FailureCode } from '../../../shared/index.ts'
import { AppError } from '../errors.ts'

/** What travels to a worker. */
export interface Envelope<Data> {
  data: Data
  /** Notes go out over it, the abort comes in. */
  port: MessagePort
  /** One cell, so that both sides agree who was first: see `comesFirst`. */
  first: Int32Array
}

/** What comes back. A fault is sent as a value: structured clone would drop an AppError's code. */
export type Outcome<Result> = { result: Result } | { fault: SentFault }

export interface SentFault {
  message: string
  stack: string | undefined
  code: FailureCode | null
  details: unknown
}

/**
 * True for the first of the two who calls: the worker that starts a task, or the pool that gives it up. Without it an
 * abort that crosses a start could not tell a task that has something to clean up from one that never ran.
 */
export const comesFirst = (cell: Int32Array): boolean => Atomics.compareExchange(cell, 0, 0, 1) === 0

export function packFault(fault: unknown): SentFault {
  const error = fault instanceof Error ? fault : new Error(String(fault))
  const known = error instanceof AppError ? error : null
  return { message: error.message, stack: error.stack, code: known?.code ?? null, details: known?.details }
}

export function unpackFault({ message, stack, code, details }: SentFault): Error {
  const error = code === null ? new Error(message) : new AppError(code, message, { details })
  if (stack !== undefined) error.stack = stack
  return error
}
