import { Fragment, useMemo } from 'react'

/** The text, with the words of the query marked. */
export function Marked({ text, query }: { text: string; query: string }) {
  const pattern = useMemo(() => patternOf(query), [query])
  if (pattern === null) return <>{text}</>
  let offset = 0
  return text.split(pattern).map((piece, position) => {
    const key = offset
    offset += piece.length
    return position % 2 === 1 ? <mark key={`m${key}`}>{piece}</mark> : <Fragment key={`t${key}`}>{piece}</Fragment>
  })
}

/** Of English, German, French and Spanish: they stand everywhere, and say where nothing is. */
const functionWords = new Set(
  `a an and are as at be by did do for he how in is it me my no not of on or she so the to up us was we who why you
   am das dem den der des die du ein er es ich ihr im ist mit sie und uns von vor was wer wie wir wo zu zum zur
   au ce ces de du elle en est et il je la le les lui ma mes mon ne nous on ou où par pas qui que sa se ses son sur un une
   al como con del el es ha las lo los me mi más no para por qué se si sin su sus te tu una y ya yo`.split(/\s+/),
)

/** Written without spaces: there a word may begin anywhere. */
const unspaced =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u

/** Finds the words where they begin, function words only when there is nothing else; null when there are no words. */
function patternOf(query: string): RegExp | null {
  const words = query.match(/[\p{L}\p{N}\p{M}]+/gu)?.filter(word => word.length > 1 || unspaced.test(word)) ?? []
  const contentWords = words.filter(word => !functionWords.has(word.toLowerCase()))
  const wanted = (contentWords.length > 0 ? contentWords : words).toSorted((a, b) => b.length - a.length)
  if (wanted.length === 0) return null
  const beginnings = wanted.map(word => (unspaced.test(word) ? word : String.raw`(?<![\p{L}\p{N}\p{M}])${word}`))
  return new RegExp(`(${beginnings.join('|')})`, 'giu')
}
