import {
  type RoomEvent,
  type StageKind,
  type StageName,
  type VideoId,
  videoOfStream,
  videoStream,
} from '../shared/index.ts'
import type { JobRequest } from './platform/jobs/index.ts'
import type { Fact } from './platform/journal/index.ts'
import { isSettled } from './videos/index.ts'

/**
 * What follows what: read from top to bottom, this is the life of a video. Each stage is a job of its name, which starts
 * when the stage before it is settled: done, or skipped, or failed without harm. Stages with the same `after` run side by
 * side. `remade`: made of what the stage before makes, and so made again when that is.
 */
export const pipeline = [
  // A video is playable as soon as its bytes are stored; a copy is made only where a browser needs one.
  { stage: 'playback', after: 'upload' },
  { stage: 'thumbnail', after: 'upload' },
  { stage: 'audio', after: 'upload' },
  // Small pictures for the timeline: nobody waits for them.
  { stage: 'storyboard', after: 'thumbnail' },
  // Needs every frame, the dearest of all: last in line, and `ready` does not wait for it.
  { stage: 'scenes', after: 'storyboard' },
  // The film in several sizes: a video is ready without it.
  { stage: 'hls', after: 'playback' },
  { stage: 'transcript', after: 'audio' },
  { stage: 'search', after: 'transcript', remade: true },
] as const satisfies readonly { stage: StageKind; after: StageName; remade?: true }[]

type Step = { stage: StageKind; after: StageName; remade?: true }
const steps: readonly Step[] = pipeline

/** The stages that an event of a video brings about; their jobs are asked for in the event's transaction. */
export function follow(event: Pick<Fact, 'type' | 'payload'>): StageKind[] {
  const startedBy = (settled: StageName, again = false) =>
    steps.filter(step => step.after === settled && (step.remade || !again)).map(step => step.stage)
  if (event.type === 'video.created') {
    const { video } = event.payload as Extract<RoomEvent, { type: 'video.created' }>['payload']
    return video.progress.stages.some(stage => stage.name === 'upload' && stage.state === 'done')
      ? startedBy('upload')
      : []
  }
  if (event.type !== 'video.stage_changed') return []
  const { stage, state, again } = event.payload as Extract<RoomEvent, { type: 'video.stage_changed' }>['payload']
  // Of a film that was refused there is nothing to make.
  if (stage === 'upload' && state !== 'done') return []
  return isSettled(state) ? startedBy(stage, again) : []
}

type Stages = Partial<Record<StageName, { state: Parameters<typeof isSettled>[0] }>>

/** The stages that a video still waits for: what a stopped or crashed server takes up again. */
export function unfinished(stages: Stages): StageKind[] {
  const settled = (stage: StageName) => isSettled(stages[stage]?.state ?? 'pending')
  return steps.filter(step => settled(step.after) && !settled(step.stage)).map(step => step.stage)
}

/** The pipeline without stages that are switched off. */
export function pipelineWithout(off: readonly StageKind[]) {
  const jobsOf = (videoId: VideoId, stages: readonly StageKind[]): JobRequest[] =>
    stages.filter(stage => !off.includes(stage)).map(kind => ({ kind, subject: videoStream(videoId) }))
  return {
    follow(fact: Fact): JobRequest[] {
      const videoId = videoOfStream(fact.stream)
      return videoId ? jobsOf(videoId, follow(fact)) : []
    },
    unfinished: (id: VideoId, stages: Stages) => jobsOf(id, unfinished(stages)),
  }
}

/** Earlier versions had a queue for each stage. What waited there is asked for anew. */
export const formerQueues: readonly string[] = [
  ...['renditions.playback', 'renditions.thumbnail', 'renditions.audio', 'renditions.storyboard', 'renditions.hls'],
  ...['detections.scenes', 'transcripts.transcribe', 'search.index'],
]
