/** One line of the display. */
export interface Bar {
  name: string
  /** 0 to 100. */
  percent: number
  state: 'waiting' | 'running' | 'done' | 'skipped' | 'failed'
  /** Behind the bar: a speed, a reason. */
  note: string
}

/** Bars that move on a terminal; elsewhere one plain line for each as it is settled. */
export interface Bars {
  set(name: string, change: Partial<Omit<Bar, 'name'>>): void
  /** Leaves the last picture on the screen. */
  end(): void
}

const width = 28
const marks = { waiting: '·', running: '›', done: '✓', skipped: '–', failed: '✗' }

export function createBars(names: string[], out: NodeJS.WriteStream): Bars {
  const bars = new Map<string, Bar>(names.map(name => [name, { name, percent: 0, state: 'waiting', note: '' }]))
  const startedAt = new Map<string, number>()
  let drawn = 0

  const draw = () => {
    const up = drawn > 0 ? `\u001b[${drawn}A` : ''
    out.write(up + [...bars.values()].map(bar => `\u001b[2K${lineOf(bar, out.columns ?? 80)}\n`).join(''))
    drawn = bars.size
  }

  return {
    set(name, change) {
      const before = bars.get(name)
      if (!before) return
      const bar = { ...before, ...change }
      if (bar.state === 'running' && !startedAt.has(name)) startedAt.set(name, performance.now())
      const isSettled = !['waiting', 'running'].includes(bar.state)
      const isNewlySettled = isSettled && before.state !== bar.state
      if (isNewlySettled) {
        bar.percent = bar.state === 'done' ? 100 : bar.percent
        bar.note = change.note ?? elapsed(startedAt.get(name))
      }
      bars.set(name, bar)
      if (out.isTTY) draw()
      else if (isNewlySettled) out.write(`${plainLineOf(bar)}\n`)
    },
    end() {
      drawn = 0
    },
  }
}

function lineOf({ name, percent, state, note }: Bar, columns: number): string {
  const full = Math.round((percent / 100) * width)
  const bar = '━'.repeat(full) + '─'.repeat(width - full)
  const number = state === 'running' ? `${Math.floor(percent)} %` : ''
  return `  ${marks[state]} ${name.padEnd(11)} ${bar} ${number.padStart(5)}  ${note}`.slice(0, columns - 1)
}

const plainLineOf = ({ name, state, note }: Bar): string =>
  `  ${marks[state]} ${name.padEnd(11)} ${state}  ${note}`.trimEnd()

const elapsed = (startedAt: number | undefined): string =>
  startedAt === undefined ? '' : `${((performance.now() - startedAt) / 1000).toFixed(1)} s`
