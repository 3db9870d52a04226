import { RotateCw } from 'lucide-react'
import { useState } from 'react'
import type { Video } from '../../../client-sdk/src/index.ts'
import { useRushes } from '../../../client-sdk/src/react/index.ts'
import { reasonOf, useToast } from '../ui/toasts.tsx'

/** For a job to begin. */
const soonMs = 1500

/** It goes away as soon as it has helped: the focus stays with its film. */
const focusTitle = (button: Element) => button.closest('.card')?.querySelector<HTMLElement>('.card-title a')?.focus()

/** The way out for a film that could not be fetched. */
export function FetchAgain({ video: { id, title }, onAgain }: { video: Video; onAgain: () => void }) {
  const rushes = useRushes()
  const say = useToast()
  const [asked, setAsked] = useState(false)
  const again = async () => {
    setAsked(true)
    try {
      const [job] = (await rushes.jobs.list({ kind: 'fetch', videoId: id, limit: 1 })).items
      if (job) await rushes.jobs.retry(job.id)
      else say('It is not known any more where it was. Paste its link again.')
      setTimeout(onAgain, soonMs)
    } catch (fault) {
      say(reasonOf(fault))
    }
    setTimeout(() => setAsked(false), soonMs)
  }
  return (
    <button
      type="button"
      className="button card-way-out"
      aria-label={`Try again: ${title}`}
      disabled={asked}
      onClick={event => {
        focusTitle(event.currentTarget)
        void again()
      }}
    >
      <RotateCw size={16} aria-hidden="true" /> Try again
    </button>
  )
}
