import type { Log } from '../../platform/log.ts'
import type { SpeechOptions } from '../engine.ts'
import type { WhisperNote } from './whisper-orders.ts'

/** Passes on what the thread tells, one thing after the other although it does not wait. */
export interface NoteTaker {
  take(note: WhisperNote): void
  /** The model was loaded: a later fault is not its own. */
  readonly loaded: boolean
  /** Aborted with the fault of who was to take the segments. */
  failed: AbortSignal
  /** Everything that was told until now has been taken. Throws that fault. */
  done(): Promise<void>
}

type Listeners = Pick<SpeechOptions, 'onSegments' | 'onProgress'> & { onDownload(file: string, percent: number): void }

export function createNoteTaker({ onSegments, onProgress, onDownload }: Listeners): NoteTaker {
  const failing = new AbortController()
  let last: Promise<void> = Promise.resolve()
  let loaded = false
  return {
    take(note) {
      if (note.kind === 'loaded') loaded = true
      if (note.kind === 'downloading') onDownload(note.file, note.percent)
      if (note.kind !== 'heard') return
      last = last.then(() => (note.segments.length > 0 ? onSegments(note.segments) : undefined))
      last.catch(fault => failing.abort(fault))
      onProgress(note.percent)
    },
    get loaded() {
      return loaded
    },
    failed: failing.signal,
    done: () => last,
  }
}

/** One line of log for each tenth of a file. */
export function createDownloadReport(model: string, log: Log): Listeners['onDownload'] {
  const told = new Map<string, number>()
  return (file, percent) => {
    const tenth = Math.floor(percent / 10)
    if (tenth <= (told.get(file) ?? -1)) return
    told.set(file, tenth)
    log.info({ model, file, percent: tenth * 10 }, 'downloading a model')
  }
}
