import { AppError } from '../errors.ts'

/** How many connections there may be. Each counts from its start, before anybody knows who it is. */
export interface Places {
  /** Throws `server.busy` when all are taken. Returns how to give it back, which counts once. */
  take(): () => void
  /** Throws what `take` would. */
  check(): void
}

export function createPlaces(most: number): Places {
  let taken = 0
  const check = () => {
    if (taken >= most) throw new AppError('server.busy', `This server holds ${most} connections at most.`)
  }
  return {
    check,
    take() {
      check()
      taken++
      let isGivenBack = false
      return () => {
        if (!isGivenBack) taken--
        isGivenBack = true
      }
    },
  }
}
