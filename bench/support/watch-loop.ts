// Preloaded into a server (`--import`): on SIGUSR2 it writes to the file WATCH_LOOP_REPORT, as JSON, how late the main
// thread's event loop was since the last time it was asked, in milliseconds.
import { writeFileSync } from 'node:fs'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { isMainThread } from 'node:worker_threads'

const resolutionMs = 1

if (isMainThread) {
  const delay = monitorEventLoopDelay({ resolution: resolutionMs })
  delay.enable()
  // The histogram holds the times between two ticks: what is beyond the resolution is the delay.
  const late = (nanoseconds: number) => Math.max(0, nanoseconds / 1e6 - resolutionMs)
  process.on('SIGUSR2', () => {
    const [p50Ms, p99Ms, maxMs] = [delay.percentile(50), delay.percentile(99), delay.max].map(late)
    writeFileSync(process.env.WATCH_LOOP_REPORT ?? '', JSON.stringify({ p50Ms, p99Ms, maxMs }))
    delay.reset()
  })
}
