import { useCallback, useEffect, useReducer, useRef, useState } from 'react'
import type { RunningUpload, UnfinishedUpload, UploadActivity, Video } from '../index.ts'
import { type Failing, failingOf } from './failing.ts'
import { useRushes } from './provider.tsx'

export interface UploadItem {
  id: string
  file: File
  /** WebVTT or SubRip that came with it. */
  captions: File | null
  title: string
  state: 'waiting' | 'sending' | 'reconnecting' | 'paused' | 'failed'
  /** Small ones go in one request, which can only be cancelled. */
  canPause: boolean
  sentBytes: number
  bytesPerSecond: number
  /** Null until the speed is known. */
  secondsLeft: number | null
  failure: Failing | null
}

export interface Uploads {
  items: UploadItem[]
  /** What this browser began some other time and did not end: whoever adds the same file goes on there. Newest first. */
  unfinished: UnfinishedUpload[]
  add: (files: File[]) => void
  pause: (id: string) => void
  /** Goes on; one whose connection is waited for is tried at once. */
  resume: (id: string) => void
  /** Stops it, whatever its state, removes what was sent, and takes it off the list. */
  cancel: (id: string) => void
  retry: (id: string) => void
  /** Removes an unfinished one. */
  discard: (id: string) => void
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
  const running = useRef(new Map<string, RunningUpload>())
  const uploaded = useRef(onUploaded)
  uploaded.current = onUploaded
  const [unfinished, drop] = useUnfinished()

  const send = useCallback(
    ({ id, file, captions, title }: UploadItem) => {
      const change = (change: Partial<UploadItem>) => dispatch({ type: 'changed', id, change })
      const upload = rushes.videos.startUpload(file, {
        title,
        ...(captions ? { captions } : {}),
        onProgress: ({ sentBytes, bytesPerSecond, etaSeconds }) =>
          change({ sentBytes, bytesPerSecond, secondsLeft: etaSeconds }),
        onState: ({ state, canPause }) => isShown(state) && change({ state, canPause }),
      })
      running.current.set(id, upload)
      change({ state: 'sending', canPause: false, failure: null })
      upload.done
        .then(
          video => {
            dispatch({ type: 'removed', id })
            uploaded.current(video)
          },
          // A cancelled one has left the list already.
          fault => change({ state: 'failed', canPause: false, failure: failingOf(fault) }),
        )
        .finally(() => running.current.delete(id))
    },
    [rushes],
  )

  useEffect(() => {
    const free = atOnce - items.filter(({ state }) => state === 'sending' || state === 'reconnecting').length
    const next = items.filter(item => item.state === 'waiting' && !running.current.has(item.id))
    for (const item of next.slice(0, Math.max(0, free))) send(item)
  }, [items, send])
  useLeaveWarning(items.some(item => item.state !== 'failed'))
  useOnline(() => {
    for (const upload of running.current.values()) if (upload.state === 'reconnecting') upload.resume()
  })

  return {
    items,
    unfinished,
    add: files => {
      const added = withCaptions(files).map(waiting)
      dispatch({ type: 'added', items: added })
      for (const { file } of added) drop(({ filename, sizeBytes }) => filename === file.name && sizeBytes === file.size)
    },
    pause: id => running.current.get(id)?.pause(),
    resume: id => running.current.get(id)?.resume(),
    cancel: id => {
      dispatch({ type: 'removed', id })
      running.current.get(id)?.cancel()
    },
    retry: id => dispatch({ type: 'changed', id, change: { state: 'waiting', failure: null } }),
    discard: id => {
      drop(each => each.id === id)
      void rushes.videos.discardUpload(id)
    },
  }
}

const isShown = (state: UploadActivity) => state === 'sending' || state === 'reconnecting' || state === 'paused'

/** Looked for once; those that are dropped stay away. */
function useUnfinished() {
  const rushes = useRushes()
  const [unfinished, setUnfinished] = useState<UnfinishedUpload[]>([])
  useEffect(() => {
    const controller = new AbortController()
    rushes.videos.unfinishedUploads({ signal: controller.signal }).then(setUnfinished, () => {
      // Without a server to ask nothing can be gone on with; the library says that it is away.
    })
    return () => controller.abort()
  }, [rushes])
  const drop = useCallback(
    (isIt: (upload: UnfinishedUpload) => boolean) => setUnfinished(all => all.filter(each => !isIt(each))),
    [],
  )
  return [unfinished, drop] as const
}

function reduce(items: UploadItem[], action: Action): UploadItem[] {
  if (action.type === 'added') return [...action.items, ...items]
  if (action.type === 'removed') return items.filter(item => item.id !== action.id)
  return items.map(item => (item.id === action.id ? { ...item, ...action.change } : item))
}

function waiting({ file, captions }: { file: File; captions: File | null }): UploadItem {
  const title = bareName(file).slice(0, 200)
  const sent = { sentBytes: 0, bytesPerSecond: 0, secondsLeft: null }
  return { id: uniqueId(), file, captions, title, state: 'waiting', canPause: false, ...sent, failure: null }
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

function useOnline(listener: () => void): void {
  const latest = useRef(listener)
  latest.current = listener
  useEffect(() => {
    const tell = () => latest.current()
    window.addEventListener('online', tell)
    return () => window.removeEventListener('online', tell)
  }, [])
}
