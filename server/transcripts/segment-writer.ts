import { type Segment, type VideoId, videoStream } from '../../shared/index.ts'
import type { Tx } from '../platform/db/index.ts'
import type { Append, Journal } from '../platform/journal/index.ts'
import type { HeardSegment } from './engine.ts'
import { insertSegments, removeTranscript } from './queries.ts'
import { createTidier } from './segments/tidy-segments.ts'

export interface SegmentWriter {
  /** Waits while a group is being written. Throws what the writing of an earlier group threw. */
  add(heard: readonly HeardSegment[]): Promise<void>
  /** Writes the rest in the transaction that ends the stage. Answers how many segments there are in all. */
  finish(tx: Tx, append: Append): Promise<number>
  /** Waits until nothing is being written. What is pending stays for `finish`. */
  stop(): Promise<void>
  /** Why writing failed, if it did: that is no fault of the engine. */
  readonly fault: unknown
}

const groupSize = 20
/** Subtitles come all at once: they go out in frames that are no burden. */
const mostInGroup = 100
const groupMs = 2000

/**
 * Numbers an engine's segments and brings them to the room in small groups, as they are recognised. The first group
 * replaces what a former attempt left.
 */
export function createSegmentWriter(options: {
  journal: Journal
  videoId: VideoId
  durationSeconds: number
  /** Nothing is written before `finish`: there is a transcript already, which stands until this one is whole. */
  isAnother: boolean
}): SegmentWriter {
  const { journal, videoId, isAnother } = options
  const tidy = createTidier(options.durationSeconds)
  const pending: Segment[] = []
  let count = 0
  const writeGroup = createGroupWriter(videoId)
  let writing = Promise.resolve()
  let timer: NodeJS.Timeout | null = null
  let writtenAt = Number.NEGATIVE_INFINITY
  let fault: unknown

  function cancelTimer(): void {
    if (timer) clearTimeout(timer)
    timer = null
  }

  const writePending = (tx: Tx, append: Append) => writeGroup(tx, append, pending.splice(0, mostInGroup))

  function write(): Promise<void> {
    cancelTimer()
    writing = writing.then(async () => {
      if (fault !== undefined || pending.length === 0) return
      writtenAt = performance.now()
      await journal.transact(writePending).catch(thrown => {
        fault = thrown
      })
    })
    return writing
  }

  return {
    async add(heard) {
      if (fault !== undefined) throw fault
      for (const segment of heard.map(tidy).filter(tidied => tidied !== null))
        pending.push({ index: count++, ...segment })
      if (isAnother) return
      const waitMs = writtenAt + groupMs - performance.now()
      if (waitMs <= 0) await write()
      while (pending.length >= groupSize && fault === undefined) await write()
      if (pending.length > 0) timer ??= setTimeout(write, Math.max(0, waitMs))
    },
    async finish(tx, append) {
      if (fault !== undefined) throw fault
      do await writePending(tx, append)
      while (pending.length > 0)
      return count
    },
    async stop() {
      cancelTimer()
      await writing
    },
    get fault() {
      return fault
    },
  }
}

function createGroupWriter(videoId: VideoId) {
  let begun = false
  return async (tx: Tx, append: Append, group: Segment[]): Promise<void> => {
    if (!begun) await removeTranscript(tx, videoId)
    begun = true
    await insertSegments(tx, videoId, group)
    if (group.length > 0) append(videoStream(videoId), 'transcript.segments', { segments: group })
  }
}
