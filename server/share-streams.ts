import { z } from 'zod'
import {
  EventEnvelope,
  type EventsFrame,
  type LibraryEvent,
  type RoomEvent,
  StreamName,
  videoOfStream,
} from '../shared/index.ts'
import { type Database, DatabaseAway } from './platform/db/index.ts'
import { messageOf } from './platform/errors.ts'
import type { Hub } from './platform/hub/index.ts'
import type { Journal } from './platform/journal/index.ts'
import type { Log } from './platform/log.ts'

interface Sharing {
  journal: Pick<Journal, 'onWritten' | 'onCommitted' | 'heard' | 'catchUp'>
  hub: Pick<Hub, 'bus' | 'notifyHere' | 'occupied'>
  /** On a PostgreSQL server others may write to the same log. One that was restarted may have written the last unheard. */
  database: Pick<Database, 'kind' | 'onRestarted'>
  log: Log
}

/** How long what another server committed may stay unknown here while Redis is away, or isn't there at all. */
const catchUpMs = 1_000

/**
 * Leads each log to those who follow it, and from server to server. Each server hands out the whole log to its own people, in
 * order: what it commits itself, what others tell it on the bus, and what it finds in the database when nobody told.
 */
export function shareStreams({ journal, hub, database, log }: Sharing): { stop(): Promise<void> } {
  const { bus } = hub
  const stops = [
    // Each server hears of each fact itself, and tells its own people.
    journal.onCommitted(frame => deliver(hub, frame)),
    journal.onWritten(frame => bus.publish('frame', frame)),
    bus.on('frame', Frame, frame => journal.heard(frame as EventsFrame)),
  ]
  let catchingUp = Promise.resolve()
  let timer: NodeJS.Timeout | undefined
  const catchUp = () => {
    catchingUp = journal.catchUp(hub.occupied()).catch(fault => {
      // That is said once, by the database.
      if (!(fault instanceof DatabaseAway))
        log.warn({ reason: messageOf(fault) }, 'what was told could not be compared with the log')
    })
    return catchingUp
  }
  const again = () => {
    timer = setTimeout(() => void catchUp().finally(again), catchUpMs)
  }
  if (database.kind === 'postgres') again()
  database.onRestarted(catchUp)
  return {
    async stop() {
      for (const stop of stops) stop()
      await catchingUp
      clearTimeout(timer)
    },
  }
}

/** As the wire has it: a room's events are a video's, the library's are everybody's who joined it. */
function deliver({ notifyHere }: Pick<Hub, 'notifyHere'>, { stream, events }: EventsFrame): void {
  const videoId = videoOfStream(stream)
  if (videoId) notifyHere(stream, 'room.events', { videoId, events: events as RoomEvent[] })
  else notifyHere(stream, 'library.events', { events: events as LibraryEvent[] })
}

/**
 * What is handed out counts: a wrong number would hide events. What happened is passed on as it is: a newer server may know
 * of more.
 */
const Frame = z
  .object({
    stream: StreamName,
    events: z.array(EventEnvelope.loose().extend({ payload: z.looseObject({}) })).min(1),
  })
  .refine(
    ({ events }) => events.every(({ seq }, index) => seq === (events[0]?.seq ?? 0) + index),
    'the numbers have gaps',
  )
