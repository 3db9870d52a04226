import { useEffect, useLayoutEffect, useRef, useState } from 'react'
import type { Job } from '../../../client-sdk/src/index.ts'
import type { JobList } from '../../../client-sdk/src/react/index.ts'
import { reasonOf, useToast } from '../ui/toasts.tsx'
import type { JobDeed } from './job-row.tsx'
import { stageOf, videoIdOf, workWords } from './job-words.ts'

const said: Record<JobDeed, string> = {
  cancel: 'was called off.',
  retry: 'is tried again.',
  run: 'is run again.',
}
const refused: Record<JobDeed, string> = {
  cancel: 'Not called off',
  retry: 'Not tried again',
  run: 'Not run again',
}

/** Keeps the focus with a job whose row is drawn elsewhere, until the next key or click. */
function useFocusInRow(): (id: string) => void {
  const held = useRef<string | null>(null)
  useEffect(() => {
    const letGo = () => {
      held.current = null
    }
    const controller = new AbortController()
    for (const type of ['keydown', 'pointerdown'])
      document.addEventListener(type, letGo, { signal: controller.signal, capture: true })
    return () => controller.abort()
  }, [])
  useLayoutEffect(() => {
    const id = held.current
    if (id === null || document.activeElement !== document.body) return
    document.querySelector<HTMLElement>(`[data-job="${CSS.escape(id)}"] .job-deed`)?.focus()
  })
  return id => {
    held.current = id
  }
}

/** Does what a row offers, says what came of it, and leaves the focus in the row, wherever that has gone. */
export function useDeeds(list: JobList) {
  const say = useToast()
  const [busy, setBusy] = useState<ReadonlySet<string>>(new Set())
  const hold = useFocusInRow()

  const work = async (deed: JobDeed, job: Job) => {
    if (deed === 'cancel') return list.cancel(job.id)
    if (deed === 'retry') return list.retry(job.id)
    const [videoId, kind] = [videoIdOf(job), stageOf(job)]
    return videoId && kind ? list.run(videoId, kind) : job
  }
  const onDeed = (deed: JobDeed, job: Job) => {
    hold(job.id)
    setBusy(ids => new Set(ids).add(job.id))
    const words = workWords({ ...job, state: 'done' })
    work(deed, job)
      .then(
        () => say(`“${words}” ${said[deed]}`),
        fault => say(`${refused[deed]}: ${reasonOf(fault)}`),
      )
      .finally(() => setBusy(ids => new Set([...ids].filter(id => id !== job.id))))
  }
  return { busy, onDeed }
}
