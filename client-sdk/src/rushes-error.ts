import { Failure, type FailureCode, failureKind } from '../../shared/index.ts'

/** A code of the contract's table; `network` when nobody answered. A newer server may send codes unknown here. */
export type RushesErrorCode = FailureCode | 'network' | (string & {})

/** What every call of this client throws, except for the `reason` of an aborted signal. */
export class RushesError extends Error {
  readonly code: RushesErrorCode
  /** HTTP status; 0 when nobody answered. Failures over a socket carry the one of their code. */
  readonly status: number
  /** What to quote to whoever runs the server. */
  readonly requestId: string | null
  readonly details: unknown

  constructor(code: RushesErrorCode, message: string, about: ErrorAbout = {}) {
    super(message, about.cause === undefined ? undefined : { cause: about.cause })
    this.name = 'RushesError'
    this.code = code
    this.status = about.status ?? statusOf(code)
    this.requestId = about.requestId ?? null
    this.details = about.details
  }
}

/** What is known of a failure beside its code and sentence. */
export interface ErrorAbout {
  status?: number
  requestId?: string
  details?: unknown
  cause?: unknown
}

/** `{error: {...}}` as it comes over the wire; undefined for anything else. */
export function errorFromWire(answer: unknown, status?: number): RushesError | undefined {
  const parsed = Failure.safeParse(answer)
  if (!parsed.success) return undefined
  const { code, message, details, requestId } = parsed.data.error
  return new RushesError(code, message, { details, requestId, ...(status === undefined ? {} : { status }) })
}

/** Nobody answered: no connection, or it broke. */
export const networkError = (cause: unknown, message = 'The server did not answer.'): RushesError =>
  new RushesError('network', message, { cause, status: 0 })

const statusOf = (code: string): number => failureKind(code)?.status ?? 0
