import { createExtractiveEngine } from '../../server/chat/engines/extractive.ts'
import { createOpenAiEngine } from '../../server/chat/engines/openai.ts'
import type { Place } from '../../server/chat/place.ts'
import { writeAnswer } from '../../server/chat/write-answer.ts'
import { createLog } from '../../server/platform/log.ts'
import type { Hit, Message, Segment, VideoId } from '../../shared/index.ts'

export interface Asking {
  question: string
  segments: Segment[]
  passages?: Omit<Hit, 'videoId'>[]
  title?: string
  earlier?: string
  talk?: Message[]
  place?: Place | null
  prices?: { input: number; output: number }
  patience?: { firstMs: number; betweenMs: number; wholeMs: number }
  signal?: AbortSignal
  onText?: (text: string) => void
}

/** Asks all rungs, with the stand-in at `baseUrl` as the best. Every segment is a passage unless some are given. */
export async function askModel(baseUrl: string, asking: Asking) {
  const {
    question,
    segments,
    title = 'A film',
    patience = { firstMs: 5_000, betweenMs: 5_000, wholeMs: 20_000 },
  } = asking
  const { signal = new AbortController().signal, earlier = '', talk = [], place = null, prices } = asking
  const engines = [
    createOpenAiEngine({ baseUrl, model: 'stand-in', ...(prices && { prices }) }, patience),
    createExtractiveEngine(),
  ]
  const everything = segments.map(({ index, startSeconds, endSeconds, text }) => ({
    startSeconds,
    endSeconds,
    text,
    score: 1,
    segments: [index],
  }))
  const passages = (asking.passages ?? everything).map(passage => ({ videoId: '' as VideoId, ...passage }))
  const parts: string[] = []
  const voided: string[] = []
  const onText = (text: string) => {
    parts.push(text)
    asking.onText?.(text)
  }
  const onAnew = () => {
    voided.push(parts.splice(0).join(''))
  }
  const log = createLog({ level: 'silent', pretty: false })
  const request = {
    question,
    segments,
    passages,
    earlier,
    talk,
    place,
    asker: 'Ada',
    video: { title, durationSeconds: 60 },
  }
  const written = await writeAnswer({ engines, log }, request, { signal, onText, onAnew })
  return { ...written, parts, voided, text: parts.join('') }
}
