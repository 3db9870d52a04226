import { z } from 'zod'

export const Word = z.object({
  word: z.string(),
  startSeconds: z.number(),
  endSeconds: z.number(),
  /** 0 to 1, where the engine says. */
  confidence: z.number().optional(),
  /** True when the time was interpolated from its segment, not heard by the engine. */
  estimated: z.boolean().optional(),
})
export type Word = z.infer<typeof Word>

/** A timed piece of transcript. Segments come in order of `startSeconds`; `index` counts from 0. */
export const Segment = z.object({
  index: z.number().int(),
  startSeconds: z.number(),
  endSeconds: z.number(),
  text: z.string(),
  speaker: z.string().optional(),
  words: z.array(Word),
})
export type Segment = z.infer<typeof Segment>

export const Transcript = z.object({
  /** BCP 47, or `und` when nobody said. */
  language: z.string(),
  /** The rung that made it: `subtitles`, `whisper`, `openai`, `pocketsphinx`; with the model's name where there is one. */
  engine: z.string(),
  segments: z.array(Segment),
})
export type Transcript = z.infer<typeof Transcript>
