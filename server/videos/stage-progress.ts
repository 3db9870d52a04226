import { type StageName, type VideoId, videoStream } from '../../shared/index.ts'
import type { NotifyAll } from '../platform/hub/index.ts'
import { secondsLeft } from '../platform/jobs/index.ts'

const minimumGapMs = 250

interface Running {
  percent: number
  beganAt: number
  toldAt: number
}

/** How far running stages are. Volatile: told to the room at most four times a second for each stage, never written. */
export function createStageProgress(notify: NotifyAll) {
  const running = new Map<string, Running>()
  const keyOf = (videoId: VideoId, stage: StageName) => `${videoId} ${stage}`

  const tell = (videoId: VideoId, stage: StageName, entry: Running) => {
    const etaSeconds = secondsLeft(entry.percent, entry.toldAt - entry.beganAt)
    const eta = etaSeconds === null ? {} : { etaSeconds }
    notify(videoStream(videoId), 'progress', { videoId, stage, percent: entry.percent, ...eta })
  }

  return {
    begin(videoId: VideoId, stage: StageName): void {
      const now = performance.now()
      const entry = { percent: 0, beganAt: now, toldAt: now }
      running.set(keyOf(videoId, stage), entry)
      tell(videoId, stage, entry)
    },
    report(videoId: VideoId, stage: StageName, percent: number): void {
      const entry = running.get(keyOf(videoId, stage))
      if (!entry) return
      entry.percent = Math.round(Math.min(100, Math.max(entry.percent, percent)) * 10) / 10
      if (performance.now() - entry.toldAt < minimumGapMs) return
      entry.toldAt = performance.now()
      tell(videoId, stage, entry)
    },
    end(videoId: VideoId, stage: StageName): void {
      running.delete(keyOf(videoId, stage))
    },
    percentOf: (videoId: VideoId, stage: StageName): number => running.get(keyOf(videoId, stage))?.percent ?? 0,
  }
}
export type StageProgress = ReturnType<typeof createStageProgress>
