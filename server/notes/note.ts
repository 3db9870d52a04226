import type { Reaction } from '../../shared/index.ts'

/** Something noted at a place in a film, wherever it comes from. */
export interface Note {
  kind: 'comment' | 'moment'
  startSeconds: number
  /** Null for a point in time. */
  endSeconds: number | null
  /** A name of its own; null for what people just said. */
  title: string | null
  text: string
  /** Null for what no person noted. */
  author: string | null
  /** Oldest first. */
  replies: readonly { author: string; text: string }[]
  reactions: readonly Reaction[]
  /** UTC, ISO 8601. */
  createdAt: string
}
