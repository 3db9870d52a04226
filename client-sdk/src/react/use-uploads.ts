import { useCallback, useEffect, useReducer, useRef } from 'react'
import type { UploadProgress, Video } from '../index.ts'
import { type Failing, failingOf } from './failing.ts'
import { useRushes } from './provider.tsx'

export interface UploadItem {
  id: string
  file: File
  /** WebVTT or SubRip that came with it. */
  captions: File | null
  title: string
  state: 'waiting' | 'sending' | 'failed'
  sentBytes: number
  bytesPerSecond: number
  /** Null until the speed is known. */
  secondsLeft: number | null
  failure: Failing | null
}

export interface Uploads {
  items: UploadItem[]
  add: (files: File[]) => void
  /** Stops it, whatever its state, and takes it off the list. */
  cancel: (id: string) => void
  retry: (id: string) => void
}

type Action =
  | { type: 'added'; items: UploadItem[] }
  | { type: 'changed'; id: string; change: Partial<UploadItem> }
  | { type: 'removed'; id: string }

const atOnce = 3

/** Sends files, three at once; each leaves the list when its video is there. */
export function useUploads(onUploaded: (video: Video) => void): Uploads {
  const rushes = useRushes()
  const [items, dispatch] = useReducer(reduce, [])
  const running = useRef(new Map<string, AbortController>())
  const uploaded = useRef(onUploaded)
  uploaded.current = onUploaded

  const send = useCallback(
    async ({ id, file, captions, title }: UploadItem) => {
      const controller = new AbortController()
      running.current.set(id, controller)
      const onProgress = ({ sentBytes, bytesPerSecond, etaSeconds }: UploadProgress) => {
        dispatch({ type: 'changed', id, change: { sentBytes, bytesPerSecond, secondsLeft: etaSeconds } })
      }
      dispatch({ type: 'changed', id, change: { state: 'sending', failure: null } })
      try {
        const video = await rushes.videos.upload(file, {
          title,
          onProgress,
          signal: controller.signal,
          ...(captions ? { captions } : {}),
        })
        dispatch({ type: 'removed', id })
        uploaded.current(video)
      } catch (fault) {
        // Cancelled: it has left the list already.
        if (!controller.signal.aborted)
          dispatch({ type: 'changed', id, change: { state: 'failed', failure: failingOf(fault) } })
      } finally {
        running.current.delete(id)
      }
    },
    [rushes],
  )

  useEffect(() => {
    const free = atOnce - items.filter(item => item.state === 'sending').length
    const next = items.filter(item => item.state === 'waiting' && !running.current.has(item.id)).slice(0, free)
    for (const item of next) void send(item)
  }, [items, send])
  useLeaveWarning(items.some(item => item.state !== 'failed'))

  return {
    items,
    add: files => dispatch({ type: 'added', items: withCaptions(files).map(waiting) }),
    cancel: id => {
      dispatch({ type: 'removed', id })
      running.current.get(id)?.abort()
    },
    retry: id => dispatch({ type: 'changed', id, change: { state: 'waiting', sentBytes: 0, failure: null } }),
  }
}

function reduce(items: UploadItem[], action: Action): UploadItem[] {
  if (action.type === 'added') return [...action.items, ...items]
  if (action.type === 'removed') return items.filter(item => item.id !== action.id)
  return items.map(item => (item.id === action.id ? { ...item, ...action.change } : item))
}

function waiting({ file, captions }: { file: File; captions: File | null }): UploadItem {
  const title = bareName(file).slice(0, 200)
  const sent = { sentBytes: 0, bytesPerSecond: 0, secondsLeft: null }
  return { id: uniqueId(), file, captions, title, state: 'waiting', ...sent, failure: null }
}

/** Captions go with the film of their name, or with the only film there is; others are sent, and refused, alone. */
function withCaptions(files: File[]): { file: File; captions: File | null }[] {
  const texts = files.filter(isCaptions)
  const films = files.filter(file => !isCaptions(file))
  const belongs = (text: File, film: File) => films.length === 1 || text.name.startsWith(bareName(film))
  const pairs = films.map(file => ({ file, captions: texts.find(text => belongs(text, file)) ?? null }))
  const used = new Set(pairs.map(pair => pair.captions))
  return [...pairs, ...texts.filter(text => !used.has(text)).map(file => ({ file, captions: null }))]
}

const isCaptions = (file: File): boolean => /\.(vtt|srt)$/i.test(file.name)
const bareName = (file: File): string => file.name.replace(/\.[^.]+$/, '') || file.name

/** Not `crypto.randomUUID`: that one is missing on plain http away from loopback. */
const uniqueId = (): string =>
  Array.from(crypto.getRandomValues(new Uint32Array(3)), part => part.toString(36)).join('')

/** The browser asks before it closes a page that is still sending. */
function useLeaveWarning(active: boolean): void {
  useEffect(() => {
    if (!active) return
    const warn = (event: BeforeUnloadEvent) => event.preventDefault()
    window.addEventListener('beforeunload', warn)
    return () => window.removeEventListener('beforeunload', warn)
  }, [active])
}
