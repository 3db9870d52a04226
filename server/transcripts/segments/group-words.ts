import type { Word } from '../../../shared/index.ts'

/** Longer than this without a word, and the speaker has stopped. */
const pauseSeconds = 0.6
const maxSeconds = 12
const maxWords = 40
const sentenceEnd = /[.?!…。？！]["'”’»)\]]*$/
const clauseEnd = /[,;:–—、，；]["'”’»)\]]*$/
const abbreviation = /^(?:[A-Z]|Mr|Mrs|Ms|Dr|Prof|St|vs|No|Jr|Sr)\.$/

/** Words in order of time → what makes a segment each: a sentence, or what lies between two pauses, of bearable length. */
export function groupWords<W extends Word>(words: readonly W[]): W[][] {
  const groups: W[][] = []
  let group: W[] = []
  for (const [index, word] of words.entries()) {
    group.push(word)
    const next = words[index + 1]
    if (next && !endsSegment(word, next)) continue
    groups.push(...shorten(group))
    group = []
  }
  return groups
}

const endsSegment = (word: Word, next: Word): boolean =>
  next.startSeconds - word.endSeconds > pauseSeconds ||
  (sentenceEnd.test(word.word) && !abbreviation.test(word.word.trim()))

/** Cuts what is too long at its best place, and the halves again. */
function shorten<W extends Word>(group: W[]): W[][] {
  if (group.length < 2 || !isTooLong(group)) return [group]
  const cut = bestCut(group)
  return [...shorten(group.slice(0, cut)), ...shorten(group.slice(cut))]
}

export function isTooLong(words: readonly Word[]): boolean {
  const lengthSeconds = (words.at(-1)?.endSeconds ?? 0) - (words[0]?.startSeconds ?? 0)
  return words.length > maxWords || lengthSeconds > maxSeconds
}

/** A long pause or a comma is a good place, the sooner towards the middle the better. */
function bestCut(group: readonly Word[]): number {
  let best = { cut: Math.ceil(group.length / 2), score: Number.NEGATIVE_INFINITY }
  for (let cut = 1; cut < group.length; cut++) {
    const [before, after] = [group[cut - 1], group[cut]]
    if (!before || !after) continue
    const pause = Math.min(pauseSeconds, Math.max(0, after.startSeconds - before.endSeconds)) / pauseSeconds
    const score = pause + (clauseEnd.test(before.word) ? 1 : 0) - 3 * Math.abs(cut / group.length - 0.5)
    if (score > best.score) best = { cut, score }
  }
  return best.cut
}
