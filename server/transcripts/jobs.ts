import { stageJob, type Videos } from '../videos/index.ts'
import { type TranscribeDependencies, transcribe } from './transcribe.ts'

/** As long as a whole night: a long film on a slow machine. */
const timeoutSeconds = 12 * 3600

export const createTranscribeJob = ({ stages }: Pick<Videos, 'stages'>, dependencies: TranscribeDependencies) =>
  stageJob(stages, {
    stage: 'transcript',
    ...{ lane: 'media', urgency: 1, attempts: 3, timeoutSeconds },
    work: work => transcribe(dependencies, work),
  })
