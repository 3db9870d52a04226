import type { StageName, Video, VideoId } from '../../shared/index.ts'
import type { Tx } from '../platform/db/index.ts'
import type { Append } from '../platform/journal/index.ts'
import type { JobContext } from '../platform/queue/index.ts'
import type { MediaFacts } from './schema.ts'

/** What is known of a video's bytes, beside its public record. */
export interface VideoRecord extends MediaFacts {
  video: Video
  /** Blob keys under `videos/<id>/`; null while there is none. */
  blobs: {
    original: string
    playback: string | null
    thumbnail: string | null
    audio: string | null
    /** The WebVTT; its sheet lies beside it. */
    storyboard: string | null
    waveform: string | null
    captions: string | null
    /** What is finished of the HLS ladder; its files lie beside it. */
    hls: string | null
  }
}

/** What an upload knows when its bytes are stored. */
export interface NewVideo {
  id: VideoId
  title: string
  filename: string
  source: Video['source']
  sizeBytes: number
  checksum: string
  originalBlob: string
  captionsBlob: string | null
  /** A browser plays the original as it is. */
  playable: boolean
  inspection: MediaFacts &
    Pick<Video, 'durationSeconds' | 'width' | 'height' | 'frameRate' | 'videoCodec' | 'audioCodec'>
}

/** A video whose bytes are still to come. */
export interface AwaitedVideo {
  id: VideoId
  title: string
  filename: string
  /** As announced; null when nothing was. */
  sizeBytes: number | null
}

/** How a stage ended. `commit` runs in the transaction that says so. */
export interface StageOutcome {
  state: 'done' | 'skipped' | 'failed'
  /** Why it was skipped, or failed without harm to the video. Shown. */
  reason?: string
  /** Of the transcript that it made, as a BCP 47 tag. */
  language?: string
  commit?: (tx: Tx, append: Append) => Promise<void>
}
export type StageWork = (record: VideoRecord, report: (percent: number) => void) => Promise<StageOutcome>

/** What later domains may ask of this one. */
export interface Videos {
  /** Throws `video.not_found`. */
  get(id: VideoId): Promise<Video>
  /** The same with what is behind it; up to a second old when another server changes it. */
  record(id: VideoId): Promise<VideoRecord>
  /**
   * Runs one stage of the processing, once: marks it running, tells the room how far it is, and commits its outcome
   * with its facts. A video that is gone ends it quietly. A fault is thrown on for a retry, and recorded as `failed`
   * when no retry will follow.
   */
  runStage(id: VideoId, stage: StageName, context: JobContext, work: StageWork): Promise<void>
  /** Notes where a stage's output lies. Throws `video.not_found`. */
  setBlob(tx: Tx, id: VideoId, name: keyof VideoRecord['blobs'], key: string): Promise<void>
}
