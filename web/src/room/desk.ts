import { createContext, use, useCallback, useMemo, useState } from 'react'
import type { Citation } from '../../../client-sdk/src/index.ts'

export type Tab = 'talk' | 'transcript'

/** A part of the film that is marked; while only its beginning is set, `endSeconds` is null. */
export interface Span {
  startSeconds: number
  endSeconds: number | null
}

/** What another part of the room puts into the composer. */
export interface Draft {
  /** Left as it is when not given. */
  body?: string
  asking: boolean
}

/** The citations that the timeline shows, and the one last clicked. */
export interface Lit {
  messageId: string
  citations: Citation[]
  chosen: number | null
}

/** What the parts of a room agree on, beside the film's clock and the room's log. */
export interface Desk {
  tab: Tab
  show: (tab: Tab) => void
  /** A new object for every request, so that the same text twice is two requests. */
  draft: Draft | null
  write: (draft: Draft) => void
  /** What a comment or a question will be about. */
  span: Span | null
  mark: (span: Span | null) => void
  /** The message that is being replied to. */
  replying: string | null
  reply: (messageId: string | null) => void
  /** One's own message that is being changed. */
  editing: string | null
  edit: (messageId: string | null) => void
  lit: Lit | null
  light: (lit: Lit | null) => void
  query: string
  search: (query: string) => void
  /** The message that the timeline, or a reply, points at. */
  pointed: string | null
  point: (messageId: string | null) => void
}

export const DeskContext = createContext<Desk | null>(null)

export function useDesk(): Desk {
  const desk = use(DeskContext)
  if (!desk) throw new Error('No desk above this component')
  return desk
}

export function useDeskState(): Desk {
  const [tab, show] = useState<Tab>('talk')
  const [draft, setDraft] = useState<Draft | null>(null)
  const [span, mark] = useState<Span | null>(null)
  const [replying, setReplying] = useState<string | null>(null)
  const [editing, edit] = useState<string | null>(null)
  const [lit, light] = useState<Lit | null>(null)
  const [query, search] = useState('')
  const [pointed, setPointed] = useState<string | null>(null)
  const write = useCallback((next: Draft) => {
    show('talk')
    setDraft(next)
  }, [])
  const reply = useCallback(
    (messageId: string | null) => {
      setReplying(messageId)
      if (messageId !== null) write({ asking: false })
    },
    [write],
  )
  const point = useCallback((messageId: string | null) => {
    if (messageId !== null) show('talk')
    setPointed(messageId)
  }, [])
  return useMemo(
    () => ({
      ...{ tab, show, draft, write, span, mark, replying, reply, editing, edit },
      ...{ lit, light, query, search, pointed, point },
    }),
    [tab, draft, write, span, replying, reply, editing, lit, query, pointed, point],
  )
}
