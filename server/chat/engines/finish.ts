/** Why an answer is not as long as it would be: our limit, the model's own, or the filter of whoever runs it. */
export type Cut = 'too long' | 'length' | 'filter'

/** Every service has words of its own for an end that is none, in small letters or large ones. */
const filtered = /filter|safe|block|prohibit|recitation|spii|refus|sensitiv|guardrail|moderat|policy/i
const tooLong = /length|max|limit|window|truncat/i
const broken =
  /err(?:or)?$|error|abort|cancel|fail|malformed|unexpected|interrupt|insufficient|time_?out|overload|crash/i

/** How a model ended: whole, cut, or broken off by its server. */
export function endingOf(finish: string | null): Cut | 'broken' | null {
  if (finish === null) return null
  if (filtered.test(finish)) return 'filter'
  if (tooLong.test(finish)) return 'length'
  return broken.test(finish) ? 'broken' : null
}
