import { machineLoad } from './machine.ts'

/** What was measured, and what else the machine did meanwhile. */
export interface Rounds<N extends string, R> {
  of: Record<N, R[]>
  /** Of the machine, least and most. */
  load: string
}

/** A ratio that moves by no more than this, by half its quartiles' distance, is steady. */
const steady = 0.05
/** What is noisy is measured up to so many times as often as was asked for. */
const patience = 3

/**
 * Runs the contestants one after the other, round by round, so that whatever else the machine does hits all of them.
 * With `ratio`, of the results of one round, it goes on while that is noisy.
 */
export async function runRounds<N extends string, R>(
  rounds: number,
  contestants: Record<N, (round: number) => Promise<R>>,
  ratio?: (result: Record<N, R>) => number,
): Promise<Rounds<N, R>> {
  const names = Object.keys(contestants) as N[]
  const of = Object.fromEntries(names.map(name => [name, []])) as unknown as Record<N, R[]>
  const loads: number[] = []
  const ratios: number[] = []
  const goesOn = () => loads.length < rounds || (ratio && loads.length < patience * rounds && spreadOf(ratios) > steady)
  while (goesOn()) {
    const round = loads.length
    // Every round begins with another one: who goes first finds colder caches.
    const order = names.map((_, place) => names[(place + round) % names.length]).filter(name => name !== undefined)
    const results: Partial<Record<N, R>> = {}
    for (const name of order) {
      const result = await contestants[name](round)
      results[name] = result
      of[name].push(result)
    }
    if (ratio) ratios.push(ratio(results as Record<N, R>))
    loads.push(machineLoad())
  }
  return { of, load: [...new Set([Math.min(...loads), Math.max(...loads)].map(load => load.toFixed(1)))].join(' to ') }
}

export const median = (values: readonly number[]): number => quantile(values, 0.5)

/** The median of the ratios of each round, for what one round has in common falls out, and how far they lie apart. */
export function ratioOf(ours: readonly number[], theirs: readonly number[]): string {
  const ratios = ours.map((value, round) => value / (theirs[round] ?? Number.NaN))
  return `${median(ratios).toFixed(2)} ±${(spreadOf(ratios) * median(ratios)).toFixed(2)}`
}

/** Half the distance of the quartiles, as a part of the median. */
const spreadOf = (values: readonly number[]): number =>
  (quantile(values, 0.75) - quantile(values, 0.25)) / 2 / median(values)

function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  const place = (sorted.length - 1) * share
  const [low = Number.NaN, high = Number.NaN] = [sorted[Math.floor(place)], sorted[Math.ceil(place)]]
  return low + (high - low) * (place - Math.floor(place))
}
