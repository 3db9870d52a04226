import { type RoomEvent, type StageName, videoOfStream } from '../shared/index.ts'
import type { Fact } from './platform/journal/index.ts'
import type { JobRequest } from './platform/queue/index.ts'
import { isSettled } from './videos/index.ts'

/**
 * What follows what: read from top to bottom, this is the life of a video. Each stage has one job, which starts when
 * the stage before it is settled: done, or skipped, or failed without harm. Stages with the same `after` run side by
 * side.
 */
export const pipeline = [
  // A video is playable as soon as its bytes are stored; a copy is made only where a browser needs one.
  { stage: 'playback', job: 'renditions.playback', after: 'upload' },
  { stage: 'thumbnail', job: 'renditions.thumbnail', after: 'upload' },
  { stage: 'audio', job: 'renditions.audio', after: 'upload' },
  // Small pictures for the timeline: nobody waits for them.
  { stage: 'storyboard', job: 'renditions.storyboard', after: 'thumbnail' },
  // Needs every frame, the dearest of all: last in line, and `ready` does not wait for it.
  { stage: 'scenes', job: 'detections.scenes', after: 'storyboard' },
  // The film in several sizes: a video is ready without it.
  { stage: 'hls', job: 'renditions.hls', after: 'playback' },
  { stage: 'transcript', job: 'transcripts.transcribe', after: 'audio' },
  { stage: 'search', job: 'search.index', after: 'transcript' },
] as const satisfies readonly { stage: StageName; job: string; after: StageName }[]

export type JobName = (typeof pipeline)[number]['job']

const startedBy = (settled: StageName): JobName[] =>
  pipeline.filter(step => step.after === settled).map(step => step.job)

/** The jobs that an event of a video brings about; they are enqueued in the event's transaction. */
export function follow(event: Pick<Fact, 'type' | 'payload'>): JobName[] {
  if (event.type === 'video.created') {
    const { video } = event.payload as Extract<RoomEvent, { type: 'video.created' }>['payload']
    return video.progress.stages.some(stage => stage.name === 'upload' && stage.state === 'done')
      ? startedBy('upload')
      : []
  }
  if (event.type !== 'video.stage_changed') return []
  const { stage, state } = event.payload as Extract<RoomEvent, { type: 'video.stage_changed' }>['payload']
  // Of a film that was refused there is nothing to make.
  if (stage === 'upload' && state !== 'done') return []
  return isSettled(state) ? startedBy(stage) : []
}

type Stages = Partial<Record<StageName, { state: Parameters<typeof isSettled>[0] }>>

/** The jobs that a video still waits for: what a stopped or crashed server takes up again. */
export function unfinished(stages: Stages): JobName[] {
  const settled = (stage: StageName) => isSettled(stages[stage]?.state ?? 'pending')
  return pipeline.filter(step => settled(step.after) && !settled(step.stage)).map(step => step.job)
}

/** The pipeline without jobs that are switched off. */
export function pipelineWithout(off: readonly JobName[]) {
  const wanted = (name: JobName) => !off.includes(name)
  return {
    follow(fact: Fact): JobRequest[] {
      const videoId = videoOfStream(fact.stream)
      return videoId
        ? follow(fact)
            .filter(wanted)
            .map(name => ({ name, payload: { videoId } }))
        : []
    },
    unfinished: (stages: Stages) => unfinished(stages).filter(wanted),
  }
}
