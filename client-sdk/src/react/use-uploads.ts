import { useCallback, useEffect, useReducer, useRef } from 'react'
import type { Video } from '../index.ts'
import { type Failing, failingOf } from './failing.ts'
import { useRushes } from './provider.tsx'
import { createSpeedometer } from './upload-speed.ts'

export interface UploadItem {
  id: string
  file: File
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
  | { type: 'added'; files: { id: string; file: File }[] }
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
    async ({ id, file, title }: UploadItem) => {
      const controller = new AbortController()
      running.current.set(id, controller)
      const speedOf = createSpeedometer()
      const onProgress = ({ sentBytes }: { sentBytes: number }) => {
        const bytesPerSecond = speedOf(sentBytes)
        const secondsLeft = bytesPerSecond > 0 ? (file.size - sentBytes) / bytesPerSecond : null
        dispatch({ type: 'changed', id, change: { sentBytes, bytesPerSecond, secondsLeft } })
      }
      dispatch({ type: 'changed', id, change: { state: 'sending', failure: null } })
      try {
        const video = await rushes.videos.upload(file, { title, onProgress, signal: controller.signal })
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
    add: files => dispatch({ type: 'added', files: files.map(file => ({ id: uniqueId(), file })) }),
    cancel: id => {
      dispatch({ type: 'removed', id })
      running.current.get(id)?.abort()
    },
    retry: id => dispatch({ type: 'changed', id, change: { state: 'waiting', sentBytes: 0, failure: null } }),
  }
}

function reduce(items: UploadItem[], action: Action): UploadItem[] {
  if (action.type === 'added') return [...action.files.map(waiting), ...items]
  if (action.type === 'removed') return items.filter(item => item.id !== action.id)
  return items.map(item => (item.id === action.id ? { ...item, ...action.change } : item))
}

function waiting({ id, file }: { id: string; file: File }): UploadItem {
  const title = file.name.replace(/\.[^.]+$/, '').slice(0, 200) || file.name.slice(0, 200)
  return { id, file, title, state: 'waiting', sentBytes: 0, bytesPerSecond: 0, secondsLeft: null, failure: null }
}

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
