import {
  type Progress,
  type Stage,
  StageName,
  type StageState,
  type TranscriptState,
  type VideoStatus,
} from '../../shared/index.ts'
import type { StoredStage, StoredStages } from './schema.ts'

/** A stage's share of the whole progress. For the others nobody waits: they move neither the percentage nor the status. */
const weights: Partial<Record<StageName, number>> = {
  upload: 5,
  playback: 15,
  thumbnail: 5,
  audio: 10,
  storyboard: 5,
  transcript: 50,
  search: 15,
}
const weightOf = (name: StageName): number => weights[name] ?? 0
const names = StageName.options

export const isSettled = (state: StageState): boolean => state === 'done' || state === 'skipped' || state === 'failed'

/** What a new video has still to come. Said aloud for the stage that `ready` does not wait for: an older video has no word of it. */
export const newStages = (upload: StageState): StoredStages => ({
  upload: { state: upload },
  scenes: { state: 'pending' },
})

/** What holds of a stage: while one that was done runs again, what it made is still there. */
export const standing = (stage: StoredStage | undefined): StoredStage =>
  stage?.before?.state === 'done' ? stage.before : (stage ?? { state: 'pending' })

const stateOf = (stages: StoredStages, name: StageName): StageState => stages[name]?.state ?? 'pending'

const statusBeforeItIsHere = {
  pending: 'waiting_for_upload',
  running: 'uploading',
  failed: 'error',
  skipped: 'error',
} as const

/** A video's status follows from its stages alone: the first that is not settled names it. */
export function statusOf(stages: StoredStages, playable: boolean): VideoStatus {
  const open = (name: StageName) => !isSettled(standing(stages[name]).state)
  const upload = stateOf(stages, 'upload')
  if (upload !== 'done') return statusBeforeItIsHere[upload]
  if (stateOf(stages, 'playback') === 'failed' && !playable) return 'error'
  if (open('playback') || open('thumbnail') || open('audio')) return 'processing'
  if (open('transcript')) return 'transcribing'
  return open('search') || open('storyboard') ? 'analyzing' : 'ready'
}

export function transcriptStateOf(stages: StoredStages): { state: TranscriptState; reason: string | null } {
  const { state, reason } = standing(stages.transcript)
  if (state === 'done') return { state: 'ready', reason: null }
  if (state === 'skipped' || state === 'failed') return { state: 'unavailable', reason: reason ?? null }
  return { state, reason: null }
}

/** A video that was ready before a stage existed has done without it. */
export const withoutLaterStages = (stages: StoredStages): StoredStages =>
  Object.fromEntries(names.map(name => [name, stages[name] ?? { state: 'skipped' }]))

/** `percentOf` knows how far a running stage is. */
export function progressOf(stages: StoredStages, percentOf: (stage: StageName) => number): Progress {
  const list: Stage[] = names.map(name => {
    const state = stateOf(stages, name)
    return { name, state, percent: isSettled(state) ? 100 : state === 'running' ? percentOf(name) : 0 }
  })
  const whole = names.reduce((sum, name) => sum + weightOf(name), 0)
  const percentOfWhole = ({ name, percent }: Stage) => (isSettled(standing(stages[name]).state) ? 100 : percent)
  const done = list.reduce((sum, stage) => sum + (weightOf(stage.name) * percentOfWhole(stage)) / whole, 0)
  return { percent: Math.round(done), stages: list }
}
