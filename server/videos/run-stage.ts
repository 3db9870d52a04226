import { type StageName, type VideoId, videoStream } from '../../shared/index.ts'
import type { Database } from '../platform/db/index.ts'
import { fail } from '../platform/errors.ts'
import type { JobOutcome } from '../platform/jobs/index.ts'
import type { Journal, Writing } from '../platform/journal/index.ts'
import { presentRecord, presentVideo } from './present.ts'
import { findVideo, lockVideo, type NewVideoRow, updateVideo, type VideoRow } from './queries.ts'
import type { StoredStage } from './schema.ts'
import type { StageProgress } from './stage-progress.ts'
import { isSettled, statusOf, transcriptStateOf } from './stages.ts'
import type { StageOutcome, Videos } from './videos.ts'

interface Dependencies {
  database: Database
  journal: Pick<Journal, 'transact'>
  progress: StageProgress
  removeFiles: (id: VideoId) => Promise<void>
}
type Change = Pick<StageOutcome, 'reason' | 'language'> & { state: StageOutcome['state'] | 'running' }
interface Entering {
  id: VideoId
  stage: StageName
}

export function createStages({ database, journal, progress, removeFiles }: Dependencies): Videos['stages'] {
  const enter = async ({ tx, append }: Writing, { id, stage }: Entering, change: Change): Promise<boolean> => {
    const before = await lockVideo(tx, id)
    if (before) await applyChange({ tx, append, progress, before }, stage, change)
    return before !== undefined
  }

  return {
    async run(id, stage, context, work): Promise<JobOutcome> {
      await journal.transact(async (tx, append) => {
        if (!(await enter({ tx, append }, { id, stage }, { state: 'running' }))) throw gone()
      })
      const row = await findVideo(database.db, id)
      if (!row) throw gone()
      const record = presentRecord(row, progress)
      progress.begin(id, stage)
      const report = (percent: number) => {
        context.report(percent)
        progress.report(id, stage, percent)
      }
      const outcome = await work(record, report).catch(fault => {
        progress.end(id, stage)
        throw fault
      })
      const { language: _, ...ofJob } = outcome
      return {
        ...ofJob,
        async commit(tx, append) {
          progress.end(id, stage)
          // The row before what hangs on it: as everywhere.
          if (!(await lockVideo(tx, id))) throw gone()
          await outcome.commit?.(tx, append)
          await enter({ tx, append }, { id, stage }, outcome)
        },
      }
    },
    async failed({ tx, append }, id, { stage, reason }) {
      const before = await lockVideo(tx, id)
      // What was never begun changes nothing of what is settled.
      if (!before || isSettled(before.stages[stage]?.state ?? 'pending')) return
      await applyChange({ tx, append, progress, before }, stage, { state: 'failed', reason })
    },
    async discard(id) {
      // What a stage wrote after the deletion would be left behind for ever.
      if (!(await findVideo(database.db, id))) await removeFiles(id)
    },
  }
}

const gone = () => fail('video.not_found')

/** A stage that is run again keeps what it was until it has made something new. */
function stageAfter(before: StoredStage | undefined, { state, reason }: Change): StoredStage {
  const told = reason === undefined ? {} : { reason }
  const earlier = before?.before ?? (before && isSettled(before.state) ? before : undefined)
  if (state === 'running') return { state, ...(earlier && { before: pastOf(earlier) }) }
  if (state === 'failed' && earlier?.state === 'done') {
    return { state: 'done', reason: `It was made before; running it again failed: ${reason ?? 'no reason was given'}` }
  }
  return { state, ...told }
}
const pastOf = ({ state, reason }: StoredStage) => ({ state, ...(reason !== undefined && { reason }) })

async function applyChange(
  at: Writing & { progress: StageProgress; before: VideoRow },
  stage: StageName,
  change: Change,
): Promise<void> {
  const { tx, append, progress, before } = at
  const { id } = before
  const entered = stageAfter(before.stages[stage], change)
  const stages = { ...before.stages, [stage]: entered }
  const isMade = entered.state === 'done' || entered.state === 'skipped'
  const playable = before.playable || (stage === 'playback' && isMade)
  // It never goes back: what is run again is run again beside what is there.
  const status = before.status === 'ready' ? 'ready' : statusOf(stages, playable)
  const transcript = transcriptStateOf(stages)
  const row: Partial<NewVideoRow> = {
    ...{ stages, status, playable },
    ...{ transcriptState: transcript.state, transcriptReason: transcript.reason },
  }
  if (change.language !== undefined) row.transcriptLanguage = change.language
  if (status === 'ready') row.readyAt = before.readyAt ?? new Date()
  if (status !== 'error') row.error = null
  else row.error = { code: 'media.failed', message: change.reason ?? 'The film could not be made playable.' }
  const after = await updateVideo(tx, id, row)
  if (!after) return

  const why = entered.reason === undefined ? {} : { reason: entered.reason }
  const again = before.stages[stage]?.before?.state === 'done' || entered.before?.state === 'done'
  append(videoStream(id), 'video.stage_changed', { stage, state: entered.state, ...why, ...(again && { again }) })
  if (playable && !before.playable) append(videoStream(id), 'video.playable', { video: presentVideo(after, progress) })
  if (status === before.status) return
  append(videoStream(id), 'video.status_changed', { status })
  if (status === 'ready') append(videoStream(id), 'video.ready', { video: presentVideo(after, progress) })
  if (status === 'error' && after.error) append(videoStream(id), 'video.failed', { error: after.error })
}
