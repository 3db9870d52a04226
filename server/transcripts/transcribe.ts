import { videoStream } from '../../shared/index.ts'
import type { BlobStore } from '../platform/blobs/index.ts'
import { messageOf, reasonOf } from '../platform/errors.ts'
import type { JobContext } from '../platform/jobs/index.ts'
import type { Journal } from '../platform/journal/index.ts'
import { askRungs } from '../platform/rungs.ts'
import type { StageOutcome, VideoRecord } from '../videos/index.ts'
import type { SpeechEngine, SpeechInput, SpeechResult } from './engine.ts'
import { insertTranscript, removeTranscript } from './queries.ts'
import { createSegmentWriter, type SegmentWriter } from './segment-writer.ts'

export interface TranscribeDependencies {
  journal: Journal
  blobs: BlobStore
  /** The subtitles of a video, when they may be taken. */
  subtitlesOf(record: VideoRecord): SpeechEngine[]
  /** Best first. */
  engines: readonly SpeechEngine[]
  /** BCP 47, when it is always the same. */
  language?: string
}
export interface Transcribing {
  record: VideoRecord
  context: Pick<JobContext, 'signal' | 'log'>
  report(percent: number): void
}
type Heard = SpeechResult & { writer: SegmentWriter }

/** Asks one rung after the other, best first, until one has made a transcript. */
export async function transcribe(dependencies: TranscribeDependencies, work: Transcribing): Promise<StageOutcome> {
  const { record } = work
  const subtitles = dependencies.subtitlesOf(record)
  const { audio } = record.renditions
  const engines = audio ? [...subtitles, ...dependencies.engines] : subtitles
  const { available, health } = await askRungs(engines)
  const reasons = health.rungs.filter(rung => !rung.available).map(rung => `${rung.name}: ${rung.reason}`)
  for (const engine of available) {
    const heard = await attempt(dependencies, work, engine)
    if (!('failed' in heard)) return whole(record.video.id, heard)
    reasons.push(`${engine.name}: ${heard.failed}`)
  }
  if (!audio) reasons.push('The video has no sound.')
  const reason = reasons.length > 0 ? reasons.join(' ') : 'Transcription is switched off (TRANSCRIBER=none).'
  // The one that is there is worth more than none.
  return hasTranscript(record) ? { state: 'failed', reason } : unavailable(record.video.id, reason)
}

async function attempt(
  { journal, blobs, language }: TranscribeDependencies,
  { record, context, report }: Transcribing,
  engine: SpeechEngine,
): Promise<Heard | { failed: string }> {
  const { video } = record
  const { signal, log } = context
  const { id: videoId, durationSeconds } = video
  const writer = createSegmentWriter({ journal, videoId, durationSeconds, isAnother: hasTranscript(record) })
  const options = { signal, onSegments: writer.add, onProgress: report }
  const hear = (audioPath: string): Promise<SpeechResult> => {
    const input: SpeechInput = {
      audioPath,
      durationSeconds: video.durationSeconds,
      ...(language === undefined ? {} : { language }),
    }
    return engine.transcribe(input, options)
  }
  try {
    return { ...(await withAudio(blobs, record, hear)), writer }
  } catch (fault) {
    signal.throwIfAborted()
    if (writer.fault !== undefined) throw writer.fault
    log.warn({ engine: engine.name, reason: messageOf(fault) }, 'an engine could not transcribe; the next one is tried')
    return { failed: reasonOf(fault) }
  } finally {
    await writer.stop()
  }
}

const hasTranscript = ({ video }: VideoRecord): boolean => video.transcriptState === 'ready'

/** Without sound only subtitles are asked, which need none. */
const withAudio = <T>(blobs: BlobStore, record: VideoRecord, hear: (audioPath: string) => Promise<T>): Promise<T> =>
  record.renditions.audio ? blobs.withFile(record.renditions.audio.key, hear) : hear('')

const whole = (videoId: VideoRecord['video']['id'], { writer, language, engine }: Heard): StageOutcome => ({
  state: 'done',
  language,
  async commit(tx, append) {
    const segmentCount = await writer.finish(tx, append)
    await insertTranscript(tx, videoId, { language, engine, segmentCount })
    append(videoStream(videoId), 'transcript.ready', { language, engine, segmentCount })
  },
})

const unavailable = (videoId: VideoRecord['video']['id'], reason: string): StageOutcome => ({
  state: 'skipped',
  reason,
  async commit(tx, append) {
    await removeTranscript(tx, videoId)
    append(videoStream(videoId), 'transcript.unavailable', { reason })
  },
})
