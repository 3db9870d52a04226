import { useCallback, useMemo } from 'react'
import type { Rushes, Segment, Video } from '../index.ts'
import { useRushes } from './provider.tsx'
import { useMaybeRoomStore } from './room-provider.tsx'
import { emptyRoom } from './room-state.ts'
import { withSegments } from './segments.ts'
import { createStore, useSelected } from './store.ts'
import { type Loaded, useLoaded } from './use-loaded.ts'

export interface TranscriptView extends Omit<Loaded<unknown>, 'value'> {
  state: Video['transcriptState']
  /** All that is known by now, in order: what was stored, and what came live while it is still being written. */
  segments: Segment[]
}

/** Outside of rooms nothing comes live. */
const nowhere = createStore(emptyRoom)

/** A video's transcript; below a `RoomProvider` with what comes live while it is being written. */
export function useTranscript(video: Video): TranscriptView {
  const rushes = useRushes()
  const { store } = useMaybeRoomStore() ?? { store: nowhere }
  const live = useSelected(store, state => state.segments)
  // One that is made anew takes the place of the one that is shown.
  const made = useSelected(store, state => state.transcripts)
  const { id, transcriptState: state } = video
  const isWhole = state === 'ready'
  // biome-ignore lint/correctness/useExhaustiveDependencies: `made` counts what there is to load
  const load = useCallback(
    async (signal: AbortSignal) => ({
      isWhole,
      segments: isWhole
        ? (await rushes.videos.transcript(id, { signal })).segments
        : await heardSoFar(rushes, id, signal),
    }),
    [rushes, id, isWhole, made],
  )
  const { value, ...loading } = useLoaded(state === 'unavailable' ? null : load)
  // The stored one is the whole: an engine may have corrected what it said first.
  const segments = useMemo(
    () => (value?.isWhole ? value.segments : withSegments(value?.segments ?? [], live)),
    [value, live],
  )
  return { ...loading, state, segments }
}

/** What was heard before one came in: the room's log has it. */
async function heardSoFar(rushes: Rushes, id: string, signal: AbortSignal): Promise<Segment[]> {
  const segments: Segment[] = []
  for (let since = 0; ; ) {
    const events = await rushes.videos.events(id, since, { signal })
    for (const event of events) if (event.type === 'transcript.segments') segments.push(...event.payload.segments)
    const last = events.at(-1)
    if (!last) return segments
    since = last.seq
  }
}
