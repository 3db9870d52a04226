import type { Job, JobState, StageKind } from '../../../client-sdk/src/index.ts'
import { stageWords } from '../ui/stages.ts'

export const stateWords: Record<JobState, string> = {
  running: 'Running',
  waiting: 'Waiting',
  done: 'Done',
  failed: 'Failed',
  cancelled: 'Called off',
  skipped: 'Skipped',
}
export const jobStates = Object.keys(stateWords) as JobState[]

const isStage = (kind: string): kind is keyof typeof stageWords => Object.hasOwn(stageWords, kind)

/** Null for what is no stage of a video, or can't be run again. */
export const stageOf = ({ kind }: Job): StageKind | null => (isStage(kind) && kind !== 'upload' ? kind : null)

/** What is done: as an activity while it is, else as a thing. */
export function workWords({ kind, state }: Job): string {
  const words = isStage(kind) ? stageWords[kind] : otherWords[kind]
  if (!words) return kind
  return state === 'running' ? words.doing : words.step
}

/** What is no stage of a video. */
const otherWords: Partial<Record<string, { doing: string; step: string }>> = {
  fetch: { doing: 'Fetching the film', step: 'Film from a link' },
}

/** The id of the video that it is about; null for anything else. */
export const videoIdOf = ({ subject }: Job): string | null =>
  subject.startsWith('video:') ? subject.slice('video:'.length) : null

/** What is to be known beside the state: why, which attempt, what it cost. Empty when nothing is. */
export function noteOf({ state, reason, attempt, cost }: Job): string {
  // That it was called off is said by its state.
  const why = state === 'cancelled' ? null : reason
  const again = attempt > 1 ? `attempt ${attempt}` : null
  const price = cost && cost.usd > 0 ? `${cost.usd.toFixed(2)} USD` : null
  return [why, again, price].filter(part => part !== null).join(' · ')
}

/** How long its last attempt took, in seconds; null when it was never begun, or has not ended. */
export function tookSeconds({ startedAt, endedAt }: Job): number | null {
  if (startedAt === null || endedAt === null) return null
  return Math.max(0, (Date.parse(endedAt) - Date.parse(startedAt)) / 1000)
}
