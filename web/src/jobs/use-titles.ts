import { useEffect, useRef, useState } from 'react'
import { type Job, RushesError } from '../../../client-sdk/src/index.ts'
import { useRushes } from '../../../client-sdk/src/react/index.ts'
import { videoIdOf } from './job-words.ts'

/** By the id of a video; null when it is gone. */
export type Titles = ReadonlyMap<string, string | null>

/** What the videos of these jobs are called. Each is asked for once; a new title is heard of. */
export function useTitles(jobs: readonly Job[]): Titles {
  const rushes = useRushes()
  const [titles, setTitles] = useState<Titles>(new Map())
  const asked = useRef(new Set<string>())
  useEffect(() => {
    const learn = (id: string, title: string | null) => setTitles(known => new Map(known).set(id, title))
    for (const id of new Set(jobs.map(videoIdOf))) {
      if (id === null || asked.current.has(id)) continue
      asked.current.add(id)
      rushes.videos.get(id).then(
        ({ title }) => learn(id, title),
        fault => {
          if (fault instanceof RushesError && fault.code === 'video.not_found') learn(id, null)
          // Asked for again with the next news of these jobs.
          else asked.current.delete(id)
        },
      )
    }
  }, [rushes, jobs])
  useEffect(
    () =>
      rushes.library.on('video.renamed', ({ videoId, title }) =>
        setTitles(known => new Map(known).set(videoId, title)),
      ),
    [rushes],
  )
  return titles
}
