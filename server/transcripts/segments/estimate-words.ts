import type { Word } from '../../../shared/index.ts'

/** A text's words with times shared out by their length, and marked as estimated. */
export function estimateWords(text: string, startSeconds: number, endSeconds: number): Word[] {
  const words = splitWords(text)
  const letters = words.reduce((sum, word) => sum + word.length, 0)
  const secondsPerLetter = letters === 0 ? 0 : (endSeconds - startSeconds) / letters
  let spoken = 0
  return words.map(word => {
    const from = startSeconds + spoken * secondsPerLetter
    spoken += word.length
    return { word, startSeconds: from, endSeconds: startSeconds + spoken * secondsPerLetter, estimated: true }
  })
}

/** Scripts that write without blanks, and their punctuation. Their words are found by dictionary. */
const unspaced =
  /[、。，．！？「」『』（）\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u

export const isUnspaced = (text: string): boolean => unspaced.test(text)

/** Words with the punctuation that sticks to them. */
export function splitWords(text: string): string[] {
  return text
    .split(/\s+/)
    .filter(word => word !== '')
    .flatMap(word => (isUnspaced(word) ? splitUnspaced(word) : [word]))
}

function splitUnspaced(text: string): string[] {
  const words: string[] = []
  for (const { segment, isWordLike } of new Intl.Segmenter(undefined, { granularity: 'word' }).segment(text)) {
    const last = words.length - 1
    if (!isWordLike && last >= 0) words[last] += segment
    else words.push(segment)
  }
  return words
}
