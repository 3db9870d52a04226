import { median, ratioOf } from './rounds.ts'
import { formatTable } from './table.ts'

/** What a run printed, by row and column. */
export type Figures = ReadonlyMap<string, number>

/** Reads the tables that `formatTable` made. Of `12 / 15` the second is ours, of `0.43 ±0.02` the first is the figure. */
export function readTables(printed: string): Figures {
  const figures = new Map<string, number>()
  let head: string[] = []
  for (const line of printed.split('\n')) {
    const cells = line.startsWith('|') ? line.slice(1, -1).split('|') : []
    const values = cells.map(cell => cell.trim())
    if (values.length === 0) head = []
    else if (head.length === 0) head = values
    else
      readRow(values).forEach(([name, figure], column) => {
        if (head[column] !== 'load' && Number.isFinite(figure)) figures.set(`${name}, ${head[column]}`, figure)
      })
  }
  return figures
}

/** `12`, `0.43 ±0.02`, `12 / 15`. */
const figure = /^-?[\d.]+( ±[\d.]+)?$|^[\d.]+ \/ [\d.]+$/

/** Each figure, under the words that stand before the first of them. */
function readRow([first = '', ...others]: readonly string[]): [name: string, figure: number][] {
  const words = others.findIndex(value => figure.test(value))
  const name = [first, ...others.slice(0, Math.max(0, words))].join(', ')
  const figures = others.map(value =>
    figure.test(value) ? Number.parseFloat(value.split(' / ').at(-1) ?? '') : Number.NaN,
  )
  return [Number.NaN, ...figures].map(each => [name, each])
}

/** The figures that both versions printed each time: their medians, and how many times the old one the new one is. */
export function compareTables(before: readonly Figures[], now: readonly Figures[]): string {
  const names = [...(now[0]?.keys() ?? [])].filter(name => [...before, ...now].every(run => run.has(name)))
  const rows = names.map(name => {
    const [old, ours] = [before, now].map(runs => runs.map(run => run.get(name) ?? Number.NaN)) as [number[], number[]]
    return [name, ...[old, ours].map(figures => String(Number(median(figures).toPrecision(4)))), ratioOf(ours, old)]
  })
  return formatTable(['figure', 'before', 'now', 'now / before'], rows)
}
