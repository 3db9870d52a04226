import type { EngineHealth, Transcript, VideoId } from '../../shared/index.ts'
import type { Ffmpeg } from '../media/index.ts'
import type { BlobStore } from '../platform/blobs/index.ts'
import type { Database } from '../platform/db/index.ts'
import type { Journal } from '../platform/journal/index.ts'
import type { Log } from '../platform/log.ts'
import { askRungs } from '../platform/rungs.ts'
import type { Videos } from '../videos/index.ts'
import type { SpeechEngine } from './engine.ts'
import { createSpeechRungs, type SpeechRungsOptions } from './engines/rungs.ts'
import { createSubtitles } from './engines/subtitles.ts'
import { writeCaptions } from './formats/write-captions.ts'
import { createTranscribeJob } from './jobs.ts'
import { findTranscript } from './queries.ts'
import { createTranscriptRoutes } from './routes.ts'

export interface TranscriptsOptions {
  database: Pick<Database, 'db'>
  journal: Journal
  blobs: BlobStore
  videos: Videos
  ffmpeg: Ffmpeg
  log: Log
  speech: SpeechRungsOptions
  /** BCP 47, when the same language is spoken in all videos. */
  language?: string | undefined
}

export function createTranscripts({
  database,
  journal,
  blobs,
  videos,
  ffmpeg,
  log,
  speech,
  language,
}: TranscriptsOptions) {
  const rungs = createSpeechRungs(speech, log)
  const get = (videoId: VideoId): Promise<Transcript | null> => findTranscript(database.db, videoId)
  const transcribing = {
    journal,
    blobs,
    engines: rungs.engines,
    subtitlesOf: (record: Parameters<typeof createSubtitles>[1]) =>
      rungs.subtitles ? [createSubtitles({ blobs, ffmpeg }, record)] : [],
    ...(language === undefined ? {} : { language }),
  }
  return {
    jobs: { transcript: createTranscribeJob(videos, transcribing) },
    routes: createTranscriptRoutes({ videos, get }),
    /** Null until it is whole. */
    get,
    /** As WebVTT; null until it is whole. */
    async captions(videoId: VideoId): Promise<{ language: string; vtt: string } | null> {
      const transcript = await get(videoId)
      return transcript && { language: transcript.language, vtt: writeCaptions.vtt.write(transcript) }
    },
    health: () => speechHealth(rungs.engines, rungs.subtitles),
    stop: rungs.stop,
  }
}
export type Transcripts = ReturnType<typeof createTranscripts>

/** Subtitles depend on the video: they are named, but the rung in use is one that recognises speech. */
async function speechHealth(engines: readonly SpeechEngine[], subtitles: boolean): Promise<EngineHealth> {
  const { health } = await askRungs(engines)
  if (!subtitles) return health
  const own = { name: 'subtitles', available: true, reason: 'Taken first where a video has its own.' }
  return { rung: engines.length === 0 ? own.name : health.rung, rungs: [own, ...health.rungs] }
}
