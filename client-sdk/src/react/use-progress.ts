import type { Stage } from '../index.ts'
import { useRoomState } from './room-provider.tsx'

export interface ProcessingProgress {
  stages: (Stage & { etaSeconds: number | null })[]
  /** Of all stages together, 0 to 100. */
  percent: number
  /** Of those that run now, the longest; null while none says. */
  etaSeconds: number | null
  /** Nothing more comes: it is ready, or it failed. */
  isSettled: boolean
}

/** How far the processing of the room's video is; null until the room is joined. */
export function useProgress(): ProcessingProgress | null {
  const { video, etas } = useRoomState(state => ({ video: state.video, etas: state.etas }))
  if (!video) return null
  const stages = video.progress.stages.map(stage => ({
    ...stage,
    etaSeconds: stage.state === 'running' ? (etas[stage.name] ?? null) : null,
  }))
  const known = stages.flatMap(({ etaSeconds }) => etaSeconds ?? [])
  return {
    stages,
    percent: video.progress.percent,
    etaSeconds: known.length > 0 ? Math.max(...known) : null,
    isSettled: video.status === 'ready' || video.status === 'error',
  }
}
