import { z } from 'zod'
import type { Word } from '../../../shared/index.ts'
import type { HeardSegment } from '../engine.ts'
import { segmentsFromText, segmentsFromWords } from '../segments/build-segments.ts'
import { splitWords } from '../segments/estimate-words.ts'

/** What we read of `verbose_json`. Compatible servers leave out one thing or another. */
export const OpenAiAnswer = z.object({
  language: z.string().nullish(),
  text: z.string().default(''),
  segments: z
    .array(z.object({ start: z.number(), end: z.number(), text: z.string(), no_speech_prob: z.number().nullish() }))
    .nullish(),
  words: z.array(z.object({ start: z.number(), end: z.number(), word: z.string() })).nullish(),
})
export type OpenAiAnswer = z.infer<typeof OpenAiAnswer>
type TimedText = { start: number; end: number; text: string }

/** As Whisper's own code has it: from here on a segment is rather noise. */
const noSpeechProbability = 0.9

/** The answer for one window → segments. Texts have punctuation and words have times; each lends to the other. */
export function readAnswer(answer: OpenAiAnswer, window: { startSeconds: number; endSeconds: number }): HeardSegment[] {
  const words = (answer.words ?? []).map(({ word, start, end }) =>
    timedWord(word.trim(), start, end, window.startSeconds),
  )
  if (answer.segments == null || answer.segments.length === 0) {
    if (words.length > 0) return segmentsFromWords(words)
    return answer.text.trim() === '' ? [] : segmentsFromText({ ...window, text: answer.text.trim() })
  }
  const spoken = answer.segments.filter(segment => (segment.no_speech_prob ?? 0) < noSpeechProbability)
  return spoken.flatMap(segment =>
    readSegment(segment, wordsWithin(words, segment, window.startSeconds), window.startSeconds),
  )
}

function readSegment(segment: TimedText, words: Word[], offset: number): HeardSegment[] {
  const text = segment.text.trim()
  if (words.length === 0) {
    return text === ''
      ? []
      : segmentsFromText({ text, startSeconds: segment.start + offset, endSeconds: segment.end + offset })
  }
  const written = splitWords(text)
  return segmentsFromWords(
    written.length === words.length ? words.map((word, at) => ({ ...word, word: written[at] ?? word.word })) : words,
  )
}

/** Those whose middle lies in the segment. */
const wordsWithin = (words: readonly Word[], { start, end }: TimedText, offset: number): Word[] =>
  words.filter(word => {
    const middle = (word.startSeconds + word.endSeconds) / 2 - offset
    return middle >= start && middle < end
  })

const timedWord = (word: string, start: number, end: number, offset: number): Word => ({
  word,
  startSeconds: start + offset,
  endSeconds: end + offset,
})
