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
    const [name = '', ...values] = cells.map(cell => cell.trim())
    if (cells.length === 0) head = []
    else if (head.length === 0) head = values
    else
      values.forEach((value, column) => {
        const figure = Number.parseFloat(value.split(' / ').at(-1) ?? '')
        if (head[column] !== 'load' && Number.isFinite(figure)) figures.set(`${name}, ${head[column]}`, figure)
      })
  }
  return figures
}

/** The figures that both versions printed each time: their medians, and how many times the old one the new one is. */
export function compareTables(before: readonly Figures[], now: readonly Figures[]): string {
  const names = [...(now[0]?.keys() ?? [])].filter(name => [...before, ...now].every(run => run.has(name)))
  const rows = names.map(name => {
    const [old, ours] = [before, now].map(runs => runs.map(run => run.get(name) ?? Number.NaN)) as [number[], number[]]
    return [name, String(median(old)), String(median(ours)), ratioOf(ours, old)]
  })
  return formatTable(['figure', 'before', 'now', 'now / before'], rows)
}
