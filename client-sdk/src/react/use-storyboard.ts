import { useCallback } from 'react'
import type { Scene, Storyboard, Video, Waveform } from '../index.ts'
import { useRushes } from './provider.tsx'
import { useLoaded } from './use-loaded.ts'

type Linked = Pick<Video, 'id' | 'links'>

/** A video's storyboard as soon as it is there and `wanted`; null until then, and where there is none. */
export function useStoryboard({ id, links }: Linked, wanted = true): Storyboard | null {
  const rushes = useRushes()
  const load = useCallback((signal: AbortSignal) => rushes.videos.storyboard(id, { signal }), [rushes, id])
  return useLoaded(links.storyboard && wanted ? load : null).value
}

/** A video's waveform as soon as it is there; null until then, and for a silent film. */
export function useWaveform({ id, links }: Linked): Waveform | null {
  const rushes = useRushes()
  const load = useCallback((signal: AbortSignal) => rushes.videos.waveform(id, { signal }), [rushes, id])
  return useLoaded(links.waveform ? load : null).value
}

/** A video's scenes as soon as they are there; null until then, and for what is only sound. */
export function useScenes({ id, links }: Linked): Scene[] | null {
  const rushes = useRushes()
  const load = useCallback((signal: AbortSignal) => rushes.videos.scenes(id, { signal }), [rushes, id])
  return useLoaded(links.scenes ? load : null).value
}
