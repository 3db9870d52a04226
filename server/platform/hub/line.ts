import { v7 as uuidv7 } from 'uuid'
import { notInside } from '../../../shared/index.ts'
import { AppError, toFailure } from '../errors.ts'
import type { Dispatch } from './dispatch.ts'

/** The requests of one connection. */
export interface Line {
  /** In the order in which they came, so many at once; refused with `request.rate_limited` when too many wait already. */
  ask: Dispatch
  /** The connection is gone: what waits is nobody's. */
  end(): void
}

const mostAtOnce = 8
/** Each may have 64 KiB. */
const mostWaiting = 256
const retryAfterMs = 1000

/** Whoever asks for much at once waits for themselves, and not everybody else for them. */
export function createLine(dispatch: Dispatch): Line {
  const waiting: (() => void)[] = []
  let underWay = 0
  let isEnded = false

  const run: Dispatch = async asked => {
    if (isEnded) return refused(new AppError(notInside, 'This connection has ended.'))
    underWay++
    try {
      return await dispatch(asked)
    } finally {
      underWay--
      waiting.shift()?.()
    }
  }
  return {
    ask(asked) {
      if (underWay < mostAtOnce) return run(asked)
      if (waiting.length >= mostWaiting) return Promise.resolve(refused(tooMany()))
      return new Promise((resolve, reject) => waiting.push(() => run(asked).then(resolve, reject)))
    },
    end() {
      isEnded = true
      for (const next of waiting.splice(0)) next()
    },
  }
}

const refused = (fault: AppError) => ({ error: toFailure(fault, uuidv7()).error })
const tooMany = () =>
  new AppError(
    'request.rate_limited',
    `More than ${mostWaiting} requests of this connection wait for their turn: send them as they are answered.`,
    { details: { retryAfterMs } },
  )
