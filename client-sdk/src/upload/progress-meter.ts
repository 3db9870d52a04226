/** How far an upload is. */
export interface UploadProgress {
  /** Bytes of the film that have left. */
  sentBytes: number
  /** Null when a stream did not say. */
  totalBytes: number | null
  /** 0 to 100; null when the total is unknown. */
  percent: number | null
  /** Over the last seconds; 0 at the start. */
  bytesPerSecond: number
  /** Null until the speed is known, or without a total. */
  etaSeconds: number | null
}

const gapMs = 100
const windowMs = 4000

/** Turns byte counts into progress, told ten times a second at most. */
export function createProgressMeter(
  totalBytes: number | null,
  tell: ((progress: UploadProgress) => void) | undefined,
  now: () => number = () => performance.now(),
) {
  const samples: { at: number; bytes: number }[] = [{ at: now(), bytes: 0 }]
  let sentBytes = 0
  let toldAt = Number.NEGATIVE_INFINITY

  const report = (at: number) => {
    toldAt = at
    const oldest = samples[0] ?? { at, bytes: sentBytes }
    const elapsedSeconds = (at - oldest.at) / 1000
    const bytesPerSecond = elapsedSeconds > 0 ? Math.round((sentBytes - oldest.bytes) / elapsedSeconds) : 0
    const percent = totalBytes === null ? null : totalBytes === 0 ? 100 : (sentBytes / totalBytes) * 100
    const left = totalBytes === null || bytesPerSecond === 0 ? null : (totalBytes - sentBytes) / bytesPerSecond
    tell?.({ sentBytes, totalBytes, percent, bytesPerSecond, etaSeconds: left })
  }

  return {
    /** `bytes` in all, the form around the film included: never shown as more than the film. */
    sent(bytes: number): void {
      sentBytes = Math.max(sentBytes, Math.min(bytes, totalBytes ?? bytes))
      const at = now()
      if (at - toldAt < gapMs) return
      samples.push({ at, bytes: sentBytes })
      while (samples.length > 2 && (samples[0]?.at ?? at) < at - windowMs) samples.shift()
      report(at)
    },
    /** Sending begins, or goes on, with this byte: the speed is counted anew from here. */
    begin(fromByte: number): void {
      sentBytes = Math.max(sentBytes, fromByte)
      const at = now()
      samples.splice(0, samples.length, { at, bytes: sentBytes })
      report(at)
    },
    complete(): void {
      sentBytes = totalBytes ?? sentBytes
      report(now())
    },
  }
}
