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
