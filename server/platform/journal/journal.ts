import type { RoomEvent, RoomEventPayload, RoomEventsFrame, RoomEventType, VideoId } from '../../../shared/index.ts'
import type { Tx } from '../db/index.ts'
import type { Insertion } from './insert-and-log.ts'

/** Notes a fact. It is written, numbered and given its jobs just before the transaction that it belongs to commits. */
export type Append = <T extends RoomEventType>(videoId: VideoId, type: T, payload: RoomEventPayload<T>) => void

/** The room log: every durable fact about a video, numbered from 1 without gaps, in the transaction that makes it true. */
export interface Journal {
  /** One transaction. What commits together reaches the room in one frame. */
  transact<T>(work: (tx: Tx, append: Append) => Promise<T>): Promise<T>
  /**
   * Group commit: items that arrive while a commit runs share the next one, which is one statement. Resolves to
   * whether the item was new. When a group fails, each item is tried alone, so that one fault harms nobody else. For
   * facts that nothing follows in the pipeline.
   */
  groupedInsert<Item extends { id: string; videoId: VideoId }>(
    insertion: Insertion<Item>,
  ): (item: Item) => Promise<boolean>
  /** Events after `seq`, in order, at most `limit`. */
  since(videoId: VideoId, seq: number, limit: number): Promise<RoomEvent[]>
  /** The newest `seq`; 0 when nothing happened yet. */
  head(videoId: VideoId): Promise<number>
  /** A frame that another server committed: it is handed out here in its turn. */
  heard(frame: RoomEventsFrame): void
  /** Looks whether these rooms have gone on without this server hearing of it, and hands out what it missed. */
  catchUp(videoIds: readonly VideoId[]): Promise<void>
  /** Called for what this server committed, at once, in whatever order. */
  onWritten(listener: (frame: RoomEventsFrame) => void): () => void
  /** Called for what any server committed, in `seq` order for each video. Returns how to stop. */
  onCommitted(listener: (frame: RoomEventsFrame) => void): () => void
}
