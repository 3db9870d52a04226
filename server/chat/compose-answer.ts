import type { Hit, Message, Segment, Video, VideoId } from '../../shared/index.ts'
import { AppError } from '../platform/errors.ts'
import type { Log } from '../platform/log.ts'
import type { AnswerContext, AnswerEngine } from './engine.ts'
import { type WrittenAnswer, writeAnswer } from './write-answer.ts'

export type FilmFacts = Pick<Video, 'title' | 'durationSeconds' | 'transcriptState' | 'transcriptReason'>

/** What an answer is made from, and who makes it. */
export interface AnswerSources {
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
  { videoId, body }: Pick<Message, 'videoId' | 'body'>,
  context: AnswerContext,
): Promise<WrittenAnswer> {
  const { signal } = context
  const video = await sources.videos.get(videoId)
  const transcript = await sources.transcripts.get(videoId)
  if (!transcript) throw nothingToRead(video)
  const passages = await sources.search.retrieve(videoId, body, { limit: passagesRead, signal })
  signal.throwIfAborted()
  return writeAnswer(sources, { question: body, passages, segments: transcript.segments, video }, context)
}

function nothingToRead({ transcriptState, transcriptReason }: FilmFacts): AppError {
  return transcriptState === 'unavailable'
    ? new AppError(
        'transcript.unavailable',
        `This video has no transcript to answer from: ${transcriptReason ?? 'none could be made'}`,
      )
    : new AppError(
        'transcript.not_ready',
        'The transcript of this video is still being made. Ask again when it is there.',
      )
}
