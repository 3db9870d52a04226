import type { EventsFrame, StreamEvent, StreamId } from '../../../shared/index.ts'

type Listener = (frame: EventsFrame) => void
/** Streams whose position is remembered. A forgotten one starts anew at the next frame; clients heal what they miss. */
const rememberedStreams = 10_000
const healLimit = 1_000
/** Frames that came before their turn and are kept for a stream: more than these are read from the log. */
const mostEarly = 256

interface Place {
  /** The last event that was handed out; undefined before the first. */
  seq: number | undefined
  early: EventsFrame[]
  /** Runs while a missing frame may still come by itself. */
  patience: NodeJS.Timeout | undefined
  healing: Promise<void> | undefined
}

export interface FanOutOptions {
  since: (stream: StreamId, seq: number, limit: number) => Promise<StreamEvent[]>
  /** How long a frame that another server committed may be on its way, before the log is read instead. */
  patienceMs: number
  onFault: (stream: StreamId, fault: unknown) => void
}

/**
 * Hands committed frames to those who follow a stream, in `seq` order, each event once. Two transactions may be seen to commit in the
 * wrong order, and other servers write to the same log: a frame that doesn't follow the last one waits a little for
 * what lies between, which is then read from the log, where it must be by now (the lower number was committed first).
 */
export function createFanOut({ since, patienceMs, onFault }: FanOutOptions) {
  const listeners = new Set<Listener>()
  const places = new Map<StreamId, Place>()

  const placeOf = (stream: StreamId): Place => {
    const place = places.get(stream) ?? { seq: undefined, early: [], patience: undefined, healing: undefined }
    // Last in the map: the one longest unused is forgotten first.
    places.delete(stream)
    places.set(stream, place)
    if (places.size > rememberedStreams) forgetOldest(places)
    return place
  }
  const hand = (place: Place, { stream, events }: EventsFrame) => {
    const { seq } = place
    const fresh = seq === undefined || (events[0]?.seq ?? 0) > seq ? events : events.filter(event => event.seq > seq)
    const last = fresh.at(-1)
    if (!last) return
    place.seq = last.seq
    for (const listener of listeners) listener({ stream, events: fresh })
  }
  const isNext = ({ seq }: Place, frame: EventsFrame) => seq === undefined || firstOf(frame) <= seq + 1
  const release = (stream: StreamId, place: Place) => {
    for (let next = place.early[0]; next && isNext(place, next); next = place.early[0]) {
      place.early.shift()
      hand(place, next)
    }
    clearTimeout(place.patience)
    const [next] = place.early
    place.patience = next && setTimeout(() => void heal(stream, place, firstOf(next) - 1), patienceMs).unref()
  }

  const read = async (stream: StreamId, place: Place, upTo: number) => {
    while ((place.seq ?? 0) < upTo) {
      const missed = await since(stream, place.seq ?? 0, healLimit)
      if (missed.length === 0) return forgetEarly(place)
      hand(place, { stream, events: missed })
    }
    release(stream, place)
  }
  const heal = (stream: StreamId, place: Place, upTo: number): Promise<void> => {
    clearTimeout(place.patience)
    const healing = (place.healing ?? Promise.resolve())
      .then(() => read(stream, place, upTo))
      .catch(fault => onFault(stream, fault))
      .finally(() => {
        if (place.healing === healing) place.healing = undefined
      })
    place.healing = healing
    return healing
  }
  const wait = (place: Place, frame: EventsFrame) => {
    place.early.push(frame)
    place.early.sort((a, b) => firstOf(a) - firstOf(b))
    // What is dropped here is in the log, where it will be found to be missing.
    if (place.early.length > mostEarly) place.early.pop()
    if (place.early[0] === frame) release(frame.stream, place)
  }

  return {
    publish(frame: EventsFrame): void {
      const place = placeOf(frame.stream)
      if (!isNext(place, frame)) {
        wait(place, frame)
        return
      }
      hand(place, frame)
      if (place.early.length > 0) release(frame.stream, place)
    },
    /** Someone came who has all up to here: a stream without a position begins there. */
    startAt(stream: StreamId, seq: number): void {
      const place = placeOf(stream)
      place.seq ??= seq
    },
    /** The log is known to reach up to here: what was not handed out yet is read from it. */
    async reaches(stream: StreamId, seq: number): Promise<void> {
      const place = places.get(stream)
      if (place?.seq !== undefined && place.seq < seq) await heal(stream, place, seq)
    },
    listen(listener: Listener): () => void {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}

const firstOf = ({ events }: EventsFrame): number => events[0]?.seq ?? 0

/** The log knows nothing of what should come before them: they are of another log, such as one before a restore. */
function forgetEarly(place: Place): void {
  clearTimeout(place.patience)
  place.early = []
}

function forgetOldest(places: Map<StreamId, Place>): void {
  const [oldest] = places
  if (!oldest) return
  clearTimeout(oldest[1].patience)
  places.delete(oldest[0])
}
