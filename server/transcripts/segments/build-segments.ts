import type { Word } from '../../../shared/index.ts'
import type { HeardSegment } from '../engine.ts'
import { estimateWords, isUnspaced } from './estimate-words.ts'
import { groupWords, isTooLong } from './group-words.ts'

/** Timed words in order → segments. */
export const segmentsFromWords = (words: readonly Word[], speaker?: string): HeardSegment[] =>
  groupWords(words).map(group => ({
    startSeconds: group[0]?.startSeconds ?? 0,
    endSeconds: group.at(-1)?.endSeconds ?? 0,
    text: joinWords(group),
    ...(speaker === undefined ? {} : { speaker }),
    words: group,
  }))

/** A timed text without word times → one segment, or several when it is too long to be one. */
export function segmentsFromText(timed: Omit<HeardSegment, 'words'>): HeardSegment[] {
  const words = estimateWords(timed.text, timed.startSeconds, timed.endSeconds)
  return isTooLong(words) ? segmentsFromWords(words, timed.speaker) : [{ ...timed, words }]
}

/** Chinese, Japanese and the like are written without blanks. */
function joinWords(words: readonly Word[]): string {
  return words.reduce((text, { word }) => {
    const glued = text === '' || (isUnspaced(text.slice(-1)) && isUnspaced(word.slice(0, 1)))
    return glued ? text + word : `${text} ${word}`
  }, '')
}
