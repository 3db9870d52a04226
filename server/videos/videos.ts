import type { StageKind, Video, VideoId } from '../../shared/index.ts'
import type { Tx } from '../platform/db/index.ts'
import type { JobContext, JobOutcome } from '../platform/jobs/index.ts'
import type { Writing } from '../platform/journal/index.ts'
import type { Renditions } from '../platform/renditions/index.ts'
import type { MediaFacts } from './schema.ts'

/** What is known of a video's bytes, beside its public record. */
export interface VideoRecord extends MediaFacts {
  video: Video
  /** Where what was sent lies. */
  blobs: { original: string; captions: string | null }
  /** What was made of it and is finished, by name. */
  renditions: Renditions
}

/** What an upload knows when its bytes are stored. */
export interface NewVideo {
  id: VideoId
  title: string
  filename: string
  source: Video['source']
  /** The `id` of the caller who brought it. */
  requestedBy?: string | null
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
  /** `url`: we fetch it, beginning now. */
  source: 'direct' | 'url'
  title: string
  filename: string
  /** As announced; null when nothing was. */
  sizeBytes: number | null
  requestedBy?: string | null
}

/** How a stage ended. */
export interface StageOutcome extends JobOutcome {
  /** Of the transcript that it made, as a BCP 47 tag. */
  language?: string
}
export type StageWork = (record: VideoRecord, report: (percent: number) => void) => Promise<StageOutcome>

/** What later domains may ask of this one. */
export interface Videos {
  /** Throws `video.not_found`. */
  get(id: VideoId): Promise<Video>
  /** The same with what is behind it; up to a second old when another server changes it. */
  record(id: VideoId): Promise<VideoRecord>
  /** The stages of the processing, each of which is a job: see `stageJob`. */
  stages: {
    /**
     * Marks a stage as running, tells the room how far it is, and answers with what is to be committed. A video that is
     * gone, or whose film is not here, is thrown.
     */
    run(id: VideoId, stage: StageKind, context: JobContext, work: StageWork): Promise<JobOutcome>
    /** It failed for good, or was called off: what it made before stands, if it did. Nothing for a video that is gone. */
    failed(writing: Writing, id: VideoId, end: { stage: StageKind; reason: string }): Promise<void>
    /** Removes what was written for a video that is gone. */
    discard(id: VideoId): Promise<void>
  }
  /** Something of it changes while a stage runs: holds it until the transaction ends. Throws `video.not_found`. */
  touch(tx: Tx, id: VideoId): Promise<void>
}
