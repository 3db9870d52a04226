import type { Segment } from '../../../client-sdk/src/index.ts'

/** Words `from` up to and with `to` of a segment. */
export interface Match {
  segmentIndex: number
  from: number
  to: number
  startSeconds: number
}

const plain = (text: string): string =>
  text
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, '')

/** Where the words of the query are said one after another; the last may be begun only. */
export function findMatches(segments: readonly Segment[], query: string): Match[] {
  const wanted = query.split(/\s+/).map(plain).filter(Boolean)
  if (wanted.length === 0 || wanted.join('').length < 2) return []
  return segments.flatMap(segment => matchesIn(segment, wanted))
}

function matchesIn(segment: Segment, wanted: string[]): Match[] {
  const said = segment.words.length > 0 ? segment.words.map(({ word }) => plain(word)) : [plain(segment.text)]
  const matches: Match[] = []
  for (let from = 0; from + wanted.length <= said.length; from++) {
    const fits = wanted.every((word, step) => {
      const heard = said[from + step] ?? ''
      return step === wanted.length - 1 ? heard.startsWith(word) : heard === word
    })
    if (!fits) continue
    const startSeconds = segment.words[from]?.startSeconds ?? segment.startSeconds
    matches.push({ segmentIndex: segment.index, from, to: from + wanted.length - 1, startSeconds })
    from += wanted.length - 1
  }
  return matches
}
