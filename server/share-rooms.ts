import { z } from 'zod'
import { RoomEventEnvelope, RoomEventsFrame } from '../shared/index.ts'
import { type Database, DatabaseAway } from './platform/db/index.ts'
import { messageOf } from './platform/errors.ts'
import type { Hub } from './platform/hub/index.ts'
import type { Journal } from './platform/journal/index.ts'
import type { Log } from './platform/log.ts'

interface Sharing {
  journal: Pick<Journal, 'onWritten' | 'onCommitted' | 'heard' | 'catchUp'>
  hub: Pick<Hub, 'bus' | 'deliver' | 'occupied'>
  /** On a PostgreSQL server others may write to the same log. One that was restarted may have written the last unheard. */
  database: Pick<Database, 'kind' | 'onRestarted'>
  log: Log
}

/** How long what another server committed may stay unknown here while Redis is away, or isn't there at all. */
const catchUpMs = 1_000

/**
 * Leads the log to the rooms, and from server to server. Each server hands out the whole log to its own people, in
 * order: what it commits itself, what others tell it on the bus, and what it finds in the database when nobody told.
 */
export function shareRooms({ journal, hub, database, log }: Sharing): { stop(): Promise<void> } {
  const { bus } = hub
  const stops = [
    journal.onCommitted(hub.deliver),
    journal.onWritten(frame => bus.publish('frame', frame)),
    bus.on('frame', Frame, frame => journal.heard(frame as RoomEventsFrame)),
  ]
  let catchingUp = Promise.resolve()
  let timer: NodeJS.Timeout | undefined
  const catchUp = () => {
    catchingUp = journal.catchUp(hub.occupied()).catch(fault => {
      // That is said once, by the database.
      if (!(fault instanceof DatabaseAway))
        log.warn({ reason: messageOf(fault) }, 'the rooms could not be compared with the log')
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

/**
 * What is handed out counts: a wrong number would hide events. What happened is passed on as it is: a newer server may know
 * of more.
 */
const Frame = RoomEventsFrame.extend({
  events: z.array(RoomEventEnvelope.loose().extend({ payload: z.looseObject({}) })).min(1),
}).refine(
  ({ events }) => events.every(({ seq }, index) => seq === (events[0]?.seq ?? 0) + index),
  'the numbers have gaps',
)
