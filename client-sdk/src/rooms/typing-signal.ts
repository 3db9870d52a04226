/** Says that someone types, renewed for as long as they do: the server ends what is not renewed. */
export interface TypingSignal {
  set(typing: boolean): void
  stop(): void
}

const renewMs = 3_000
/** Whoever said nothing any more for so long has stopped. */
const longestMs = 30_000

export function createTypingSignal(tell: (typing: boolean) => void): TypingSignal {
  let timer: ReturnType<typeof setInterval> | undefined
  let saidMs = 0
  const stop = () => {
    clearInterval(timer)
    timer = undefined
  }
  const renew = () => {
    if (performance.now() - saidMs > longestMs) stop()
    else tell(true)
  }
  return {
    stop,
    set(typing) {
      saidMs = performance.now()
      if (typing && timer !== undefined) return
      stop()
      tell(typing)
      if (typing) timer = setInterval(renew, renewMs)
    },
  }
}
