import type { Hit, Message, Segment, Video, VideoId } from '../../shared/index.ts'
import type { Database } from '../platform/db/index.ts'
import { AppError, fail } from '../platform/errors.ts'
import type { Log } from '../platform/log.ts'
import { outlast } from '../platform/outlast.ts'
import type { AnswerContext, AnswerEngine } from './engine.ts'
import { contentWords, withoutTimes } from './engines/words.ts'
import { earlierWords, talkBefore } from './follow-up.ts'
import { type Place, placeOf, segmentsAt } from './place.ts'
import { type WrittenAnswer, writeAnswer } from './write-answer.ts'

export type FilmFacts = Pick<Video, 'title' | 'durationSeconds' | 'transcriptState' | 'transcriptReason'>

/** What an answer is made from, and who makes it. */
export interface AnswerSources {
  database: Pick<Database, 'db'>
  videos: { get(id: VideoId): Promise<FilmFacts> }
  search: {
    retrieve(videoId: VideoId, question: string, options: { limit: number; signal: AbortSignal }): Promise<Hit[]>
  }
  /** Null until it is whole. */
  transcripts: { get(videoId: VideoId): Promise<{ segments: readonly Segment[] } | null> }
  /** Best first; the last one always answers. */
  engines: readonly AnswerEngine[]
  log: Log
}

const passagesRead = 12

/** Throws `transcript.not_ready`, `transcript.unavailable`, `video.not_found`, `answer.failed`. */
export async function composeAnswer(
  sources: AnswerSources,
  asked: Message,
  context: AnswerContext,
): Promise<WrittenAnswer> {
  const { videoId, body: question } = asked
  const read = await outlast(context.signal, async () => {
    const video = await sources.videos.get(videoId)
    const transcript = await sources.transcripts.get(videoId)
    if (!transcript) throw nothingToRead(video)
    const talk = await talkBefore(sources.database.db, asked)
    const earlier = earlierWords(asked, talk)
    const passages = await findPassages(sources, { videoId, question, earlier }, context.signal)
    return { talk, earlier, video, ...within(placeOf(asked, video.durationSeconds), { ...transcript, passages }) }
  })
  context.signal.throwIfAborted()
  return writeAnswer(sources, { question, asker: asked.author, ...read }, context)
}

/** By the question's own words, and by those that it goes on from: taken in turn, for either may be what is meant. */
async function findPassages(
  { search }: AnswerSources,
  { videoId, question, earlier }: { videoId: VideoId; question: string; earlier: string },
  signal: AbortSignal,
): Promise<Hit[]> {
  const retrieve = (text: string) => search.retrieve(videoId, withoutTimes(text), { limit: passagesRead, signal })
  if (earlier === '') return retrieve(question)
  const [own, wider] = await Promise.all([
    contentWords(question).length > 0 ? retrieve(question) : [],
    retrieve(`${question} ${earlier}`),
  ])
  const inTurn = Array.from({ length: passagesRead }, (_, rank) => [wider[rank] ?? [], own[rank] ?? []].flat()).flat()
  const byPlace = new Map(inTurn.toReversed().map(hit => [`${hit.startSeconds} ${hit.endSeconds}`, hit]))
  return [...byPlace.values()].reverse().slice(0, passagesRead)
}

/** Of a span only what is said in it counts, unless nothing is. */
function within(
  place: Place | null,
  { segments, passages }: { segments: readonly Segment[]; passages: Hit[] },
): { place: Place | null; segments: readonly Segment[]; passages: Hit[] } {
  const there = place === null ? [] : segmentsAt(segments, place)
  if (there.length === 0) return { place: null, segments, passages }
  return { place, passages, segments: place?.isSpan ? there : segments }
}

function nothingToRead({ transcriptState, transcriptReason }: FilmFacts): AppError {
  return transcriptState === 'unavailable'
    ? new AppError(
        'transcript.unavailable',
        `This video has no transcript to answer from: ${transcriptReason ?? 'none could be made'}`,
      )
    : fail('transcript.not_ready')
}
