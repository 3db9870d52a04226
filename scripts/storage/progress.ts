import type { Amount, Outcome } from './move-blobs.ts'

/** What the move tells while it runs. */
export interface Progress {
  bytes(count: number): void
  file(key: string, outcome: Outcome): void
  /** The last line. */
  end(): Record<Outcome, number>
}

const width = 20
const redrawMs = 100
const lineMs = 5_000

interface Sight extends Amount {
  total: Amount
  seconds: number
}

/** A bar that moves on a terminal; elsewhere a line now and then; with `json` these lines are JSON. */
export function createProgress(total: Amount, { out, json }: { out: NodeJS.WriteStream; json: boolean }): Progress {
  const startedAt = performance.now()
  const outcomes: Record<Outcome, number> = { copied: 0, there: 0, gone: 0, conflict: 0 }
  const sight: Sight = { files: 0, bytes: 0, total, seconds: 0 }
  const bar = out.isTTY === true && !json
  let shownAt = startedAt

  const show = () => {
    sight.seconds = (performance.now() - startedAt) / 1000
    if (bar) out.write(`\r\u001b[2K${lineOf(sight).slice(0, (out.columns ?? 80) - 1)}`)
    else if (json) out.write(`${JSON.stringify({ type: 'progress', ...sight, percent: percentOf(sight) })}\n`)
    else out.write(`${lineOf(sight)}\n`)
  }
  const showInTime = () => {
    const now = performance.now()
    if (now - shownAt < (bar ? redrawMs : lineMs)) return
    shownAt = now
    show()
  }
  return {
    bytes(count) {
      sight.bytes += count
      showInTime()
    },
    file(key, outcome) {
      sight.files += 1
      outcomes[outcome] += 1
      if (json) out.write(`${JSON.stringify({ type: 'file', key, outcome })}\n`)
      showInTime()
    },
    end() {
      show()
      if (bar) out.write('\n')
      return outcomes
    },
  }
}

/** What is written while it runs makes the total grow. */
const percentOf = ({ bytes, files, total }: Sight): number => {
  const share = total.bytes > 0 ? bytes / total.bytes : total.files > 0 ? files / total.files : 1
  return Math.floor(Math.min(1, share) * 100)
}

/** One line for people. */
export function lineOf(sight: Sight): string {
  const { bytes, files, total, seconds } = sight
  const percent = percentOf(sight)
  const full = Math.round((percent / 100) * width)
  const speed = seconds > 0 ? bytes / seconds : 0
  const left = speed > 0 && bytes < total.bytes ? `, ${timeOf((total.bytes - bytes) / speed)} left` : ''
  const done = `${sizeOf(bytes)} of ${sizeOf(total.bytes)}, ${files} of ${total.files} files`
  // The speed comes last: it may be cut off on a narrow terminal.
  return `  ${'━'.repeat(full)}${'─'.repeat(width - full)} ${percent} %${left}  ${done}, ${sizeOf(speed)}/s`
}

export function sizeOf(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB']
  const power = Math.min(units.length - 1, bytes < 1 ? 0 : Math.floor(Math.log10(bytes) / 3))
  return `${(bytes / 1000 ** power).toFixed(power === 0 ? 0 : 1)} ${units[power]}`
}

function timeOf(seconds: number): string {
  const whole = Math.ceil(seconds)
  if (whole < 60) return `${whole} s`
  if (whole < 3600) return `${Math.ceil(whole / 60)} min`
  return `${Math.floor(whole / 3600)} h ${Math.ceil((whole % 3600) / 60)} min`
}
