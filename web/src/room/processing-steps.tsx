import { Check, CircleAlert, Minus } from 'lucide-react'
import { type ProcessingProgress, useProgress, useRoom } from '../../../client-sdk/src/react/index.ts'
import { roughTime } from '../ui/format.ts'
import { stageWords } from '../ui/stages.ts'

/** What is still being done, quietly; gone when all is done. */
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
  if (progress.isSettled) return <div className="steps" />
  return (
    <ol className="steps" aria-label="Processing">
      {progress.stages
        .filter(stage => stage.name !== 'upload' || stage.state !== 'done')
        .map(stage => (
          <Step key={stage.name} stage={stage} />
        ))}
    </ol>
  )
}

function Step({ stage }: { stage: ProcessingProgress['stages'][number] }) {
  const { name, state, percent, etaSeconds } = stage
  return (
    <li data-state={state}>
      {state === 'running' ? <span className="pulse" /> : null}
      {state === 'pending' ? <span /> : null}
      {state === 'done' ? <Check size={14} aria-label="done" /> : null}
      {state === 'skipped' ? <Minus size={14} aria-label="not needed" /> : null}
      {state === 'failed' ? <CircleAlert size={14} aria-label="failed" /> : null}
      <span>
        {state === 'running' ? stageWords[name].doing : stageWords[name].step}
        {state === 'running' && percent > 0 ? ` ${Math.round(percent)} %` : ''}
        {etaSeconds === null ? '' : ` · ${roughTime(etaSeconds)}`}
      </span>
    </li>
  )
}
