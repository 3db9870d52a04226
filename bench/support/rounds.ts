/** Runs the contestants one after the other, round by round, so that whatever else the machine does hits all of them. */
export async function runRounds<N extends string, R>(
  rounds: number,
  contestants: Record<N, (round: number) => Promise<R>>,
): Promise<Record<N, R[]>> {
  const names = Object.keys(contestants) as N[]
  const results = Object.fromEntries(names.map(name => [name, []])) as unknown as Record<N, R[]>
  for (let round = 0; round < rounds; round += 1) {
    // Every round begins with another one: who goes first finds colder caches.
    const order = names.map((_, place) => names[(place + round) % names.length]).filter(name => name !== undefined)
    for (const name of order) results[name].push(await contestants[name](round))
  }
  return results
}

export function median(values: number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = Math.floor(sorted.length / 2)
  const [low = Number.NaN, high = Number.NaN] = [sorted[sorted.length % 2 ? middle : middle - 1], sorted[middle]]
  return (low + high) / 2
}

/** The median of the ratios of each round: what one round has in common falls out. */
export const medianRatio = (ours: number[], theirs: number[]): number =>
  median(ours.map((value, round) => value / (theirs[round] ?? Number.NaN)))
