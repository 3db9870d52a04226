import { createContext, type ReactNode, use, useCallback, useState } from 'react'
import type { Video } from '../../../client-sdk/src/index.ts'
import { type Uploads, useUploads } from '../../../client-sdk/src/react/index.ts'
import { useToast } from '../ui/toasts.tsx'

interface PageUploads extends Uploads {
  /** The video of the last one that came through. */
  newest: Video | null
}

const UploadsContext = createContext<PageUploads | null>(null)

/** Uploads belong to the page, not to one view: they go on, and can be paused, after a visit to a room. */
export function UploadsProvider({ children }: { children: ReactNode }) {
  const say = useToast()
  const [newest, setNewest] = useState<Video | null>(null)
  const uploads = useUploads(
    useCallback(
      video => {
        setNewest(video)
        const known = video.duplicateOf === null ? '' : ' The same film was there already.'
        say(`“${video.title}” is in the library.${known}`)
      },
      [say],
    ),
  )
  return <UploadsContext value={{ ...uploads, newest }}>{children}</UploadsContext>
}

export function usePageUploads(): PageUploads {
  const uploads = use(UploadsContext)
  if (!uploads) throw new Error('usePageUploads wants an UploadsProvider above it.')
  return uploads
}
