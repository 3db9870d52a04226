import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Segment } from '../../shared/index.ts'
import { readCaptions } from '../../test/chat/captions.ts'

/** What somebody asked about a meeting, and where people marked the answer. */
export interface Question {
  text: string
  /** From and to, in seconds. */
  places: [number, number][]
}
export interface Meeting {
  name: string
  /** Meetings of one kind speak of the same things. */
  kind: string
  language: string
  seconds: number
  segments: Segment[]
  questions: Question[]
}

interface MeetingFile {
  language: string
  seconds: number
  questions?: { q: string; places: [number, number][] }[]
}

/** Those of `directory`: `NAME.vtt` with speakers, and `NAME.json` with what people asked and marked. */
export async function readMeetings(directory: string): Promise<Meeting[]> {
  const names = (await readdir(directory)).filter(file => file.endsWith('.json')).map(file => file.slice(0, -5))
  return Promise.all(
    names.sort().map(async name => {
      const file: MeetingFile = JSON.parse(await readFile(join(directory, `${name}.json`), 'utf8'))
      const questions = file.questions?.map(({ q, places }) => ({ text: q, places })) ?? []
      const segments = await readCaptions(join(directory, `${name}.vtt`))
      return { name, kind: kindOf(name), language: file.language, seconds: file.seconds, segments, questions }
    }),
  )
}

/** Design meetings are called ES…, IS… and TS…, research meetings Bed…, Bmr… and Bro…. */
function kindOf(name: string): string {
  if (/^(ES|IS|TS)/.test(name)) return 'design'
  if (/^B/.test(name)) return 'research'
  return /^\p{L}+/u.exec(name)?.[0] ?? name
}

export const isMarked = (
  { places }: Pick<Question, 'places'>,
  hit: { startSeconds: number; endSeconds: number },
): boolean => places.some(([from, to]) => hit.startSeconds < to && hit.endSeconds > from)
