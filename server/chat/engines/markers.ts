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

/** What models call an excerpt, in the languages that people ask in. */
const names = [
  'excerpts?|exc?|sources?|passages?|citations?|cit|refs?|references?|quotes?|snippets?|chunks?|documents?|docs?',
  'auszug|auszüge|ausschnitte?|quellen?|zitate?|belege?',
  'extraits?|extractos?|fuentes?|fragment(?:o|os|e|en|s)?|fontes?|fonti|trechos?|estratt[oi]|bron(?:nen)?|kaynak|źródł[oa]',
  '来源|來源|出处|出處|摘录|摘錄|片段|引用|资料|資料|文献|参考|參考|出典|抜粋|출처|발췌|인용',
  'источник(?:и)?|отрыв(?:ок|ки)|фрагмент(?:ы)?|цитат[аы]|المصدر|مصدر',
].join('|')
const count = '(?:nos?|nrs?|num|number|n°)\\.?\\s*'
const name = `(?:(?:(?:see|cf\\.?|siehe|vgl\\.?|voir)\\s+)?(?:${names})\\.?\\s*[:_-]?\\s*(?:${count})?|(?:see\\s+)?${count})?`
const number = '[#^]?\\s*(?:\\d{1,4})\\^?'
const and = '(?:and|or|und|oder|et|ou|y|e)'
/** Blanks alone part numbers too, but not the thousands of one. */
const joint = `(?:\\s*(?:[,;/&+、]\\s*(?:${and}(?![\\p{L}])|&)?|${and}(?![\\p{L}]))\\s*|\\s+(?=[#^]?[1-9]))`
const range = '\\s*(?:-|–|—|~|〜|to(?!\\p{L})|through|bis)\\s*'
/** As some services write what they found: `1†source`, `1:0†L1-L4`. */
const origin = /(?::\d+)?†[^,;]{0,30}/g
const list = new RegExp(`^\\s*${name}(${number}(?:(?:${range}|${joint})${name}${number})*)\\.?\\s*$`, 'iu')
const one = new RegExp(`(?:(${range})|${joint}|^)${name}[#^]?\\s*(\\d{1,4})`, 'giu')

const clock = '(?<![\\d:.])\\d{1,3}(?::\\d{2}){1,2}(?:[.,]\\d{1,3})?(?![\\d:])'
const clocks = `${clock}(?:\\s*(?:-|–|—|,|;|to)\\s*${clock})*`
const time = new RegExp(`^\\s*(?:at\\s+)?${clocks}\\s*$`, 'iu')
const anyClock = new RegExp(clock, 'u')
/** Beside a number, where the model says what stands before the excerpt. */
const besideNumber = new RegExp(`\\s*(?:[,;:@(–-]\\s*)*(?:at\\s+)?${clocks}\\)?`, 'giu')

/** Null for what only stands in brackets. */
export function readMarker(given: string): Marker | null {
  const inside = given.normalize('NFKC').replace(/\p{Cf}/gu, '')
  if (time.test(inside)) return { kind: 'time' }
  const numbers = numbersIn(inside.replace(origin, '')) ?? numbersIn(inside.replace(besideNumber, ''))
  if (numbers) return { kind: 'excerpts', numbers }
  return anyClock.test(inside) ? { kind: 'time' } : null
}

function numbersIn(inside: string): number[] | null {
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
  return isNone ? null : numbers
}
