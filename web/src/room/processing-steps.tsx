import { Check, CircleAlert, CircleSlash, Minus, X } from 'lucide-react'
import { useState } from 'react'
import type { Job } from '../../../client-sdk/src/index.ts'
import { type ProcessingProgress, useProgress, useRoom } from '../../../client-sdk/src/react/index.ts'
import { roughTime } from '../ui/format.ts'
import { stageWords } from '../ui/stages.ts'
import { isStageKind, type StageDeeds, useLastJobs, useStageDeeds } from './use-stage-deeds.ts'

type ShownStage = ProcessingProgress['stages'][number]

/** What is still being done, quietly. When all is done: what is done once more, and what could be tried again. */
export function ProcessingSteps() {
  const { video } = useRoom()
  const progress = useProgress()
  if (!video || !progress) return <div className="steps" />
  // A film that can't be played says why where it would play.
  if (video.status === 'error' && video.playable) {
    return (
      <p className="steps room-failed" role="alert">
        <CircleAlert size={16} aria-hidden="true" />
        {video.error?.message ?? 'This film could not be processed.'}
      </p>
    )
  }
  return <Steps videoId={video.id} stages={progress.stages.filter(isShown(progress.isSettled))} />
}

const isShown = (isSettled: boolean) => (stage: ShownStage) => {
  if (isSettled) return stage.name !== 'upload' && (stage.state === 'running' || stage.state === 'failed')
  return stage.name !== 'upload' || stage.state !== 'done'
}

function Steps({ videoId, stages }: { videoId: string; stages: ShownStage[] }) {
  const deeds = useStageDeeds(videoId)
  const failed = stages.filter(({ name, state }) => state === 'failed' && name !== 'upload')
  const last = useLastJobs(
    videoId,
    failed.map(({ name }) => name),
  )
  if (stages.length === 0) return <div className="steps" />
  return (
    <ol className="steps" aria-label="Processing">
      {stages.map(stage => (
        <Step key={stage.name} stage={stage} job={last.get(stage.name)} deeds={deeds} />
      ))}
    </ol>
  )
}

interface StepProps {
  stage: ShownStage
  /** Where it failed, once that is known. */
  job: Job | undefined
  deeds: StageDeeds
}

function Step({ stage, job, deeds }: StepProps) {
  const { name, percent, etaSeconds } = stage
  const state = stage.state === 'failed' && job?.state === 'cancelled' ? 'called-off' : stage.state
  return (
    <li data-state={state} title={state === 'failed' ? (job?.reason ?? undefined) : undefined}>
      {state === 'running' ? <span className="pulse" /> : null}
      {state === 'pending' ? <span /> : null}
      {state === 'done' ? <Check size={14} aria-label="done" /> : null}
      {state === 'skipped' ? <Minus size={14} aria-label="not needed" /> : null}
      {state === 'failed' ? <CircleAlert size={14} aria-label="failed" /> : null}
      {state === 'called-off' ? <CircleSlash size={14} aria-label="called off" /> : null}
      <span>
        {state === 'running' ? stageWords[name].doing : stageWords[name].step}
        {state === 'running' && percent > 0 ? ` ${Math.round(percent)} %` : ''}
        {etaSeconds === null ? '' : ` · ${roughTime(etaSeconds)}`}
      </span>
      <StepDeed stage={stage} deeds={deeds} />
    </li>
  )
}

/** One button for both, so that whoever is there by keyboard stays there. */
function StepDeed({ stage: { name, state }, deeds }: Pick<StepProps, 'stage' | 'deeds'>) {
  const [isBusy, setBusy] = useState(false)
  if (!isStageKind(name) || (state !== 'running' && state !== 'failed')) return null
  const [label, deed] = state === 'running' ? (['Call off', 'callOff'] as const) : (['Try again', 'tryAgain'] as const)
  const act = () => {
    setBusy(true)
    void deeds[deed](name).finally(() => setBusy(false))
  }
  return (
    <button
      type="button"
      className="step-deed"
      aria-label={`${label}: ${stageWords[name].step}`}
      title={label}
      aria-disabled={isBusy}
      onClick={() => isBusy || act()}
    >
      {state === 'running' ? <X size={14} /> : label}
    </button>
  )
}
