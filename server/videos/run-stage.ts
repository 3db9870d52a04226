import { type StageName, type VideoId, videoStream } from '../../shared/index.ts'
import type { Database, Tx } from '../platform/db/index.ts'
import { AppError, isOutage, messageOf, reasonOf } from '../platform/errors.ts'
import type { Append, Journal } from '../platform/journal/index.ts'
import type { JobContext } from '../platform/queue/index.ts'
import { presentRecord, presentVideo } from './present.ts'
import type { ProgressBoard } from './progress-board.ts'
import { findVideo, lockVideo, type NewVideoRow, updateVideo, type VideoRow } from './queries.ts'
import { isSettled, statusOf, transcriptStateOf } from './stages.ts'
import type { StageOutcome, StageWork, Videos } from './videos.ts'

interface Dependencies {
  database: Database
  journal: Journal
  board: ProgressBoard
  removeFiles: (id: VideoId) => Promise<void>
}
type Change = Omit<StageOutcome, 'state'> & { state: StageOutcome['state'] | 'running' }

export function createStageRunner({ database, journal, board, removeFiles }: Dependencies): Videos['runStage'] {
  const enter = (id: VideoId, stage: StageName, change: Change) =>
    journal.transact(async (tx, append) => {
      const before = await lockVideo(tx, id)
      if (!before) throw new AppError('video.not_found', 'The video was deleted.')
      await change.commit?.(tx, append)
      await applyChange({ tx, append, board, before }, stage, change)
    })

  const attempt = async (row: VideoRow, stage: StageName, work: StageWork) => {
    await enter(row.id, stage, { state: 'running' })
    board.begin(row.id, stage)
    try {
      const outcome = await work(presentRecord(row, board), percent => board.report(row.id, stage, percent))
      await enter(row.id, stage, outcome)
    } finally {
      board.end(row.id, stage)
    }
  }

  return async (id, stage, context, work) => {
    const row = await findVideo(database.db, id)
    if (!row || isSettled(row.stages[stage]?.state ?? 'pending')) return
    try {
      await attempt(row, stage, work)
    } catch (fault) {
      const reason = context.signal.aborted ? context.signal.reason : fault
      if (reason instanceof AppError && reason.code === 'video.not_found') {
        // What this stage wrote after the deletion would be left behind for ever.
        await removeFiles(id)
        return
      }
      if (!isLastWord(reason, context)) throw fault
      context.log.error({ stage, reason: messageOf(reason) }, 'a stage failed for good')
      await enter(id, stage, { state: 'failed', reason: reasonOf(reason) })
    }
  }
}

/** A stop of the server, or a store that is away, is no fault of the video: the stage is taken up again. */
const isLastWord = (reason: unknown, { finalAttempt }: JobContext): boolean =>
  finalAttempt && !isOutage(reason) && !(reason instanceof AppError && reason.code === 'server.stopping')

async function applyChange(
  at: { tx: Tx; append: Append; board: ProgressBoard; before: VideoRow },
  stage: StageName,
  change: Change,
): Promise<void> {
  const { tx, append, board, before } = at
  const { id } = before
  const reason = change.reason === undefined ? {} : { reason: change.reason }
  const stages = { ...before.stages, [stage]: { state: change.state, ...reason } }
  const playable = before.playable || (stage === 'playback' && (change.state === 'done' || change.state === 'skipped'))
  const status = statusOf(stages, playable)
  const transcript = transcriptStateOf(stages)
  const row: Partial<NewVideoRow> = {
    stages,
    status,
    playable,
    transcriptState: transcript.state,
    transcriptReason: transcript.reason,
  }
  if (change.language !== undefined) row.transcriptLanguage = change.language
  if (status === 'ready') row.readyAt = before.readyAt ?? new Date()
  if (status === 'error')
    row.error = { code: 'media.failed', message: change.reason ?? 'The film could not be made playable.' }
  const after = await updateVideo(tx, id, row)
  if (!after) return

  append(videoStream(id), 'video.stage_changed', { stage, state: change.state, ...reason })
  if (playable && !before.playable) append(videoStream(id), 'video.playable', { video: presentVideo(after, board) })
  if (status === before.status) return
  append(videoStream(id), 'video.status_changed', { status })
  if (status === 'ready') append(videoStream(id), 'video.ready', { video: presentVideo(after, board) })
  if (status === 'error' && after.error) append(videoStream(id), 'video.failed', { error: after.error })
}
