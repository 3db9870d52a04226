import { RushesError } from '../rushes-error.ts'

/** Tells the server how far was read: at once, then once a second at most, always with the newest. */
export interface ReadReports {
  report(seq: number): void
  /** There is a connection again. */
  resume(): void
  end(): void
}

const pauseMs = 1000

export function createReadReports(send: (seq: number) => Promise<void>): ReadReports {
  let wanted = 0
  let told = 0
  let timer: ReturnType<typeof setTimeout> | undefined
  let hasEnded = false

  const tell = async () => {
    if (hasEnded || timer !== undefined || wanted <= told) return
    timer = setTimeout(() => {
      timer = undefined
      void tell()
    }, pauseMs)
    const seq = wanted
    try {
      await send(seq)
      told = Math.max(told, seq)
    } catch (fault) {
      // Without an answer it is told again; what the server refuses, it would refuse again.
      if (!(fault instanceof RushesError) || fault.code !== 'network') told = Math.max(told, seq)
    }
  }

  return {
    report(seq) {
      wanted = Math.max(wanted, seq)
      void tell()
    },
    resume: () => void tell(),
    end() {
      hasEnded = true
      clearTimeout(timer)
    },
  }
}
