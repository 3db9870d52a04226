/** What stands in brackets in an answer, as far as it means something here. */
export type Marker =
  /** Excerpts, by their numbers. */
  | { kind: 'excerpts'; numbers: number[] }
  /** A time that the model wrote itself: nobody has checked it. */
  | { kind: 'time' }

/** A number like a year is none of an excerpt: no prompt has so many. */
const mostNumber = 199
/** A range is no longer than what a model means by one. */
const longestRange = 20

const name =
  '(?:(?:see\\s+)?(?:excerpts?|sources?|passages?|citations?|refs?|references?|auszug|auszüge|quellen?|extraits?|extractos?|fuentes?|fragmentos?)\\.?\\s*)?'
const number = '[#^]?\\s*(?:\\d{1,4})'
const joint = '\\s*(?:,|;|/|&|\\+|and|und|et|y)\\s*'
const range = '\\s*(?:-|–|—|to|bis)\\s*'
/** As some services write what they found: `1†source`, `1:0†L1-L4`. */
const origin = '(?::\\d+)?(?:†[^\\]】]{0,30})?'
const list = new RegExp(`^\\s*${name}(${number}(?:(?:${joint}|${range})${name}${number})*)${origin}\\s*$`, 'iu')
const one = new RegExp(`(?:(${range})|${joint}|^)${name}[#^]?\\s*(\\d{1,4})`, 'giu')

const clock = '\\d{1,3}(?::\\d{2}){1,2}(?:[.,]\\d{1,3})?'
const time = new RegExp(`^\\s*(?:at\\s+)?${clock}(?:\\s*(?:-|–|—|,|;|to)\\s*${clock})*\\s*$`, 'iu')

/** Null for what only stands in brackets. */
export function readMarker(inside: string): Marker | null {
  if (time.test(inside)) return { kind: 'time' }
  const given = list.exec(inside)?.[1]
  if (given === undefined) return null
  const numbers: number[] = []
  for (const [, isRange, digits] of given.matchAll(one)) {
    const last = Number(digits)
    const first = isRange === undefined ? last : (numbers.pop() ?? last)
    if (last < first || last - first > longestRange) return null
    for (let at = first; at <= last; at++) numbers.push(at)
  }
  // Nothing but noughts is a place in a list, as `x[0]`.
  const isNone = numbers.every(each => each === 0) || numbers.some(each => each > mostNumber)
  return isNone ? null : { kind: 'excerpts', numbers }
}
