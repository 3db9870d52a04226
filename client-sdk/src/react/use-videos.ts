import { useCallback, useRef, useState } from 'react'
import type { Rushes, Video } from '../index.ts'
import { type Failing, failingOf } from './failing.ts'
import { libraryGapMs, whatMoves } from './library-pace.ts'
import { useLibraryNews, usePolling } from './polling.ts'
import { useRushes } from './provider.tsx'

export interface Videos {
  /** Newest first; null until the first page is there. */
  videos: Video[] | null
  failure: Failing | null
  /** Null when everything is loaded. */
  loadMore: (() => void) | null
  refresh: () => void
  /** Shown at once; put back, and thrown, when the server refuses. */
  rename: (id: string, title: string) => Promise<void>
  remove: (id: string) => Promise<void>
}

type Page = Awaited<ReturnType<Rushes['videos']['list']>>

const pageSize = 60
/** The library: asked for again when it tells of something, every moment while something in it moves, and now and then. */
export function useVideos(): Videos {
  const rushes = useRushes()
  const [videos, setVideos] = useState<Video[] | null>(null)
  const [cursor, setCursor] = useState<string | null>(null)
  const [failure, setFailure] = useState<Failing | null>(null)
  const loadedMore = useRef(false)
  const moved = useRef({ what: '', atMs: Date.now() })

  const note = useCallback((what: string) => {
    if (what !== moved.current.what) moved.current = { what, atMs: Date.now() }
  }, [])

  const refresh = useCallback(async () => {
    try {
      const page = await rushes.videos.list({ limit: pageSize })
      setVideos(before => withFirstPage(before ?? [], page))
      if (!loadedMore.current) setCursor(page.nextCursor)
      note(whatMoves(page.items))
      setFailure(null)
    } catch (fault) {
      // Looked for again soon, and then less and less.
      note('failing')
      setFailure(failingOf(fault))
    }
  }, [rushes, note])

  const gapMs = useCallback(() => libraryGapMs(moved.current.what, Date.now() - moved.current.atMs), [])
  usePolling(refresh, gapMs)
  useLibraryNews(refresh)

  const loadMore = useCallback(async () => {
    if (cursor === null) return
    loadedMore.current = true
    try {
      const page = await rushes.videos.list({ limit: pageSize, cursor })
      setVideos(before => [...(before ?? []), ...page.items])
      setCursor(page.nextCursor)
    } catch (fault) {
      setFailure(failingOf(fault))
    }
  }, [rushes, cursor])

  return {
    videos,
    failure,
    refresh,
    loadMore: cursor === null ? null : () => void loadMore(),
    rename: (id, title) => renamed({ rushes, setVideos, refresh }, id, title),
    remove: id => removed({ rushes, setVideos, refresh }, id),
  }
}

interface Change {
  rushes: Rushes
  setVideos: (change: (before: Video[] | null) => Video[] | null) => void
  refresh: () => Promise<void>
}

async function renamed({ rushes, setVideos, refresh }: Change, id: string, title: string): Promise<void> {
  setVideos(before => before?.map(video => (video.id === id ? { ...video, title } : video)) ?? null)
  await rushes.videos.rename(id, title).finally(refresh)
}

async function removed({ rushes, setVideos, refresh }: Change, id: string): Promise<void> {
  setVideos(before => before?.filter(video => video.id !== id) ?? null)
  await rushes.videos.delete(id).finally(refresh)
}

/** The fresh first page, then what was loaded beyond it. Ids sort by time. */
function withFirstPage(before: Video[], page: Page): Video[] {
  const last = page.items.at(-1)
  if (page.nextCursor === null || !last) return page.items
  return [...page.items, ...before.filter(video => video.id < last.id)]
}
