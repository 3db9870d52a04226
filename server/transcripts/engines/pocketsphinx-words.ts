import type { Word } from '../../../shared/index.ts'

/** Nobody draws a word out this long: it is what the recogniser makes of music. */
const longestWordSeconds = 1.5
/** Speech has more words a second than this, and is recognised with more certainty; music and noise have fewer. */
const leastWordsPerSecond = 0.8
const leastMeanConfidence = 0.25

/** `launch(2) 3.700 4.140 0.999900` → the word; null for other lines and for what is no word (`<sil>`, `[NOISE]`). */
export function readWordLine(line: string): Word | null {
  const [name, start, end, probability, ...rest] = line.trim().split(' ')
  const [startSeconds, endSeconds, confidence] = [Number(start), Number(end), Number(probability)]
  if (name === undefined || rest.length > 0 || !Number.isFinite(startSeconds + endSeconds + confidence)) return null
  if (/^(?:<|\[|\+\+)/.test(name)) return null
  const word = name.replace(/\(\d+\)$/, '')
  return { word, startSeconds, endSeconds, confidence: Math.min(1, Math.max(0, confidence)) }
}

/** Words of one window without those that can't be speech. */
export function plausibleWords(words: readonly Word[]): Word[] {
  const spoken = words.filter(word => word.endSeconds - word.startSeconds <= longestWordSeconds)
  const spokenSeconds = (spoken.at(-1)?.endSeconds ?? 0) - (spoken[0]?.startSeconds ?? 0)
  const meanConfidence = spoken.reduce((sum, word) => sum + (word.confidence ?? 1), 0) / Math.max(1, spoken.length)
  const isSpeech = spoken.length >= leastWordsPerSecond * spokenSeconds && meanConfidence >= leastMeanConfidence
  return isSpeech ? spoken : []
}
