import type { EventOf, EventsFrame, StreamId } from '../../../shared/index.ts'
import type { Tx } from '../db/index.ts'
import type { Insertion, Item } from './insert-and-log.ts'
import type { Page, Position } from './read-all.ts'

/** Notes a fact. It is written, numbered and given its jobs just before the transaction that it belongs to commits. */
export type Append = <S extends StreamId, T extends EventOf<S>['type']>(
  stream: S,
  type: T,
  payload: Extract<EventOf<S>, { type: T }>['payload'],
) => void

/** A transaction, and what is told of it. */
export interface Writing {
  tx: Tx
  append: Append
}

/** The log of each stream: every durable fact, numbered from 1 without gaps, in the transaction that makes it true. */
export interface Journal {
  /** One transaction. What commits together reaches those who follow a stream in one frame. */
  transact<T>(work: (tx: Tx, append: Append) => Promise<T>): Promise<T>
  /**
   * Group commit: items that arrive while a commit runs share the next one, which is one statement unless jobs follow.
   * Resolves to whether the item was new. When a group fails, each item is tried alone, so that one fault harms nobody
   * else. For facts that no other stream is told of.
   */
  groupedInsert<I extends Item>(insertion: Insertion<I>): (item: I) => Promise<boolean>
  /** Events after `seq`, in order, at most `limit`. */
  since<S extends StreamId>(stream: S, seq: number, limit: number): Promise<EventOf<S>[]>
  /** Of all streams, what lies after a position (null: from the beginning), for those who must miss nothing. */
  all(after: Position | null, limit: number): Promise<Page>
  /** The newest `seq`; 0 when nothing happened yet. */
  head(stream: StreamId): Promise<number>
  /** A frame that another server committed: it is handed out here in its turn. */
  heard(frame: EventsFrame): void
  /** Looks whether these streams have gone on without this server hearing of it, and hands out what it missed. */
  catchUp(streams: readonly StreamId[]): Promise<void>
  /** Called for what this server committed, at once, in whatever order. */
  onWritten(listener: (frame: EventsFrame) => void): () => void
  /** Called for what any server committed, in `seq` order for each stream. Returns how to stop. */
  onCommitted(listener: (frame: EventsFrame) => void): () => void
}
