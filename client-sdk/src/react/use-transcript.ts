import { useCallback, useMemo } from 'react'
import type { Segment, Video } from '../index.ts'
import { useRushes } from './provider.tsx'
import { withSegments } from './room-state.ts'
import { type Loaded, useLoaded } from './use-loaded.ts'

export interface TranscriptView extends Omit<Loaded<unknown>, 'value'> {
  state: Video['transcriptState']
  /** All that is known by now, in order: what was stored, and what came live while it is still being written. */
  segments: Segment[]
}

/** A video's transcript; `live` are the segments that its room brought. */
export function useTranscript(video: Video, live: Segment[]): TranscriptView {
  const rushes = useRushes()
  const { id, transcriptState: state } = video
  const load = useCallback((signal: AbortSignal) => rushes.videos.transcript(id, { signal }), [rushes, id])
  const { value, ...loading } = useLoaded(state === 'ready' ? load : null)
  // The stored one is the whole: an engine may have corrected what it said first.
  const segments = useMemo(() => value?.segments ?? withSegments([], live), [value, live])
  return { ...loading, state, segments }
}
