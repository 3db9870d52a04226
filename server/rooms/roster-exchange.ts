import { z } from 'zod'
import { VideoId } from '../../shared/index.ts'
import { hearFaults } from '../platform/hear-faults.ts'
import type { Bus } from '../platform/hub/index.ts'
import type { Log } from '../platform/log.ts'
import { inTurns } from './in-turns.ts'
import { type Rosters, Seat } from './rosters.ts'
import type { RoomTimes } from './times.ts'

/**
 * Servers tell each other who is connected to them. Whatever gets lost on the bus is healed: a server's beat names the
 * version of each roster that it has told, and whoever knows another one asks. One that falls silent is dead.
 */
export interface RosterExchange {
  /** This server's roster of that room is another one. */
  changed(videoId: VideoId): void
  /** Tells the others that everyone who is connected here is gone. */
  stop(): void
}

export interface ExchangeOptions {
  bus: Bus
  log: Pick<Log, 'error'>
  rosters: Pick<Rosters, 'seats' | 'count' | 'replace' | 'drop'>
  times: RoomTimes
  /** How many other servers are heard of. */
  onServers: (count: number) => void
}

const Version = z.number().int()
/** What servers tell. `version` counts up in all that one server tells. */
const letters = {
  roster: z.object({ videoId: VideoId, version: Version, seats: z.array(Seat) }),
  'roster.beat': z.object({ version: Version, rooms: z.array(z.tuple([VideoId, Version])) }),
  'roster.wanted': z.object({ of: z.string(), rooms: z.array(VideoId) }),
  'roster.hello': z.object({}),
  'roster.goodbye': z.object({}),
}
type Letters = { [K in keyof typeof letters]: z.infer<(typeof letters)[K]> }

interface Other {
  heardMs: number
  versions: Map<VideoId, number>
}

export function createRosterExchange({ bus, log, rosters, times, onServers }: ExchangeOptions): RosterExchange {
  const others = createOthers({ rosters, deadAfterMs: times.deadAfterMs, onServers })
  const told = new Map<VideoId, number>()
  let version = 0
  const publish = <K extends keyof Letters>(kind: K, letter: Letters[K]) => bus.publish(kind, letter)
  const beat = () => publish('roster.beat', { version, rooms: [...told] })
  const restMs = (videoId: VideoId) => Math.max(times.rosterEveryMs, rosters.count(videoId) / 2)
  const tell = (videoId: VideoId) => {
    const seats = rosters.seats(videoId, bus.serverId)
    version++
    if (seats.length > 0) told.set(videoId, version)
    else told.delete(videoId)
    publish('roster', { videoId, version, seats })
  }
  const rosterTurns = inTurns({ everyMs: restMs, run: tell, log, what: 'telling other servers who is here' })
  const dropSilent = hearFaults(log, 'dropping servers that fell silent', others.dropSilent)
  const unlisten = [
    bus.on('roster', letters.roster, (letter, from) => others.learn(from, letter)),
    bus.on('roster.beat', letters['roster.beat'], (letter, from) => {
      const rooms = others.compare(from, letter)
      if (rooms.length > 0) publish('roster.wanted', { of: from, rooms })
    }),
    bus.on('roster.wanted', letters['roster.wanted'], ({ of, rooms }) => {
      if (of === bus.serverId) rooms.forEach(rosterTurns.touch)
    }),
    bus.on('roster.hello', letters['roster.hello'], beat),
    bus.on('roster.goodbye', letters['roster.goodbye'], (_, from) => others.drop(from)),
  ]
  const timers = bus.isShared
    ? [setInterval(beat, times.beatEveryMs), setInterval(dropSilent, times.deadAfterMs / 6)]
    : []
  for (const timer of timers) timer.unref()
  publish('roster.hello', {})

  return {
    changed: videoId => bus.isShared && rosterTurns.touch(videoId),
    stop() {
      timers.forEach(clearInterval)
      rosterTurns.stop()
      for (const stop of unlisten) stop()
      publish('roster.goodbye', {})
    },
  }
}

/** What this server knows of the others. */
function createOthers({
  rosters,
  deadAfterMs,
  onServers,
}: Pick<ExchangeOptions, 'rosters' | 'onServers'> & { deadAfterMs: number }) {
  const others = new Map<string, Other>()
  let lookedMs = performance.now()

  const heard = (serverId: string): Other => {
    const other = others.get(serverId) ?? { heardMs: 0, versions: new Map() }
    other.heardMs = performance.now()
    others.set(serverId, other)
    onServers(others.size)
    return other
  }
  const drop = (serverId: string) => {
    if (!others.delete(serverId)) return
    onServers(others.size)
    rosters.drop(serverId)
  }
  return {
    drop,
    learn(from: string, { videoId, version, seats }: Letters['roster']) {
      const { versions } = heard(from)
      if ((versions.get(videoId) ?? 0) >= version) return
      if (seats.length > 0) versions.set(videoId, version)
      else versions.delete(videoId)
      rosters.replace(videoId, from, seats)
    },
    /** Rooms whose roster must be asked for. */
    compare(from: string, { version, rooms }: Letters['roster.beat']): VideoId[] {
      const { versions } = heard(from)
      const theirs = new Map(rooms)
      for (const [videoId, known] of [...versions]) {
        if (theirs.has(videoId) || known > version) continue
        versions.delete(videoId)
        rosters.replace(videoId, from, [])
      }
      return rooms.filter(([videoId, told]) => (versions.get(videoId) ?? 0) < told).map(([videoId]) => videoId)
    },
    dropSilent() {
      const nowMs = performance.now()
      // Late ourselves: what they said meanwhile has not been read yet.
      const isLate = nowMs - lookedMs > deadAfterMs / 2
      lookedMs = nowMs
      if (isLate) return
      for (const [serverId, { heardMs }] of [...others]) if (nowMs - heardMs > deadAfterMs) drop(serverId)
    },
  }
}
