import type { VideoId } from '../../shared/index.ts'
import type { Postings } from './postings.ts'

/** In a short film every word is frequent, and still is what somebody asked for. */
const leastWeight = 1

export interface WeighedPassage {
  videoId: VideoId
  place: number
  /** 0 to 1: of the best passage, how much of the query it says; of the others, in proportion to it. */
  score: number
  /** Which of the query's terms, by their places in it. */
  says: number[]
}

/** As BM25 usually has it: how soon it stops mattering that a word is said once more. */
const saturation = 1.2
/** A passage stands among others that speak of the same: so many on each side, some two minutes in all. */
const reach = 6
const aroundSaturation = 3
const aroundWeight = 0.5
/** Who is asked about by name matters more than a word that is said. */
const nameWeight = 1.5

/** The best passages, best first: rare words weigh more, repeated ones a little, and so does what is said around (BM25). */
export function weighPassages(
  postings: readonly Postings[],
  { terms, limit }: { terms: readonly number[]; limit: number },
): WeighedPassage[] {
  const [
    {
      among: { passages: total },
    } = { among: { passages: 0 } },
  ] = postings
  const among = new Map(postings.map(each => [each.term, each.among]))
  const rarity = (count: number) => Math.log(1 + (total - count + 0.5) / (count + 0.5))
  const weightOf = (term: number) => Math.max(leastWeight, rarity(among.get(term)?.saying ?? 0))
  const whole = terms.reduce((sum, term) => sum + weightOf(term), 0)
  const weighed = [...Map.groupBy(postings, each => each.videoId)].flatMap(([videoId, own]) =>
    weighVideo(own, rarity).map(passage => ({ videoId, ...passage })),
  )
  const coverage = Math.max(
    0,
    ...weighed.map(({ says }) => says.reduce((sum, term) => sum + weightOf(term), 0) / whole),
  )
  const best = weighed.toSorted((a, b) => b.rank - a.rank || a.place - b.place).slice(0, limit)
  const highest = best[0]?.rank ?? 0
  return best.map(({ rank, ...passage }) => ({ ...passage, score: (coverage * rank) / highest }))
}

interface Ranked {
  place: number
  rank: number
  says: number[]
}

function weighVideo(postings: readonly Postings[], rarity: (count: number) => number): Ranked[] {
  const ranked = new Map<number, Ranked>()
  for (const { term, said } of postings) {
    for (const { place } of said) {
      const known = ranked.get(place)
      if (known) known.says.push(term)
      else ranked.set(place, { place, rank: 0, says: [term] })
    }
  }
  for (const { said, among } of postings) {
    const counts = new Map(said.map(({ place, count }) => [place, count]))
    const names = new Set(said.filter(({ isNamed }) => isNamed).map(({ place }) => place))
    for (const passage of ranked.values()) {
      const count = counts.get(passage.place) ?? 0
      const own = rarity(among.saying) * saturated(count, saturation)
      const named = names.has(passage.place) ? rarity(among.named) * nameWeight : 0
      const around = rarity(among.saying) * saturated(countAround(counts, passage.place), aroundSaturation)
      passage.rank += Math.max(own, named) + aroundWeight * around
    }
  }
  return [...ranked.values()]
}

const saturated = (count: number, slowness: number): number => (count * (slowness + 1)) / (count + slowness)

function countAround(counts: ReadonlyMap<number, number>, place: number): number {
  let sum = 0
  for (let at = place - reach; at <= place + reach; at++) sum += counts.get(at) ?? 0
  return sum
}
