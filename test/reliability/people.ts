import { setTimeout as delay } from 'node:timers/promises'
import { createRushes, type Message, newClientId, type RoomEvent, RushesError } from '../../client-sdk/src/index.ts'
import { openPlainRoom } from './plain-room.ts'

/** Someone who talks all the time and hears everything, through one of the doors. */
export interface Person {
  name: string
  /** What they heard, by `clientId`. */
  heard: ReadonlySet<string>
  /** Says something until it is acknowledged: the same message, however often it has to be sent. Answers its `clientId`. */
  say(body: string): Promise<string>
  /** What they were refused with meanwhile, and how often. */
  refusals: ReadonlyMap<string, number>
  /** All that was acknowledged to them: `clientId` and the message's id. */
  acknowledged: ReadonlyMap<string, string>
  /** Talks no more; goes on hearing. */
  fallSilent(): Promise<void>
  leave(): void
}

interface Door {
  send(message: { clientId: string; body: string }): Promise<{ id: string }>
  close(): void
}
interface Place {
  url: string
  videoId: string
  name: string
  hear: (event: RoomEvent) => void
  hearMessage: (message: Pick<Message, 'clientId'>) => void
}

const againMs = 200

export async function enter(kind: keyof typeof doors, place: Omit<Place, 'hear' | 'hearMessage'>): Promise<Person> {
  const heard = new Set<string>()
  const acknowledged = new Map<string, string>()
  const refusals = new Map<string, number>()
  const hear = (event: RoomEvent) => {
    if (event.type === 'message.created') hearMessage(event.payload.message)
  }
  const hearMessage = ({ clientId }: Pick<Message, 'clientId'>) => void heard.add(clientId ?? '')
  const door = await doors[kind]({ ...place, hear, hearMessage })
  let isTalking = true
  const say = async (body: string) => {
    const clientId = newClientId()
    for (;;) {
      try {
        const { id } = await door.send({ clientId, body })
        acknowledged.set(clientId, id)
        return clientId
      } catch (fault) {
        const { code } = passing(fault)
        refusals.set(code, (refusals.get(code) ?? 0) + 1)
        await delay(againMs)
      }
    }
  }
  const talking = (async () => {
    for (let n = 0; isTalking; n++) {
      await say(`${place.name} says ${n}`)
      await delay(100 + 200 * Math.random())
    }
  })()
  return {
    ...{ name: place.name, heard, acknowledged, refusals, say },
    async fallSilent() {
      isTalking = false
      await talking
    },
    leave: door.close,
  }
}

/** Worth sending again. Throws what is not. */
function passing(fault: unknown): { code: string } {
  if (fault instanceof RushesError && (fault.status === 0 || fault.status >= 500)) return fault
  if (fault instanceof DOMException && fault.name === 'TimeoutError') return { code: 'no answer' }
  throw fault
}

const doors = {
  async 'Socket.IO'({ url, videoId, name, hear, hearMessage }: Place): Promise<Door> {
    const room = await createRushes({ url, name, person: `the secret of ${name}` }).rooms.join(videoId, {
      timeoutMs: 120_000,
    })
    // What was said before is there already.
    room.messages.forEach(hearMessage)
    room.on('event', hear)
    return { send: message => room.send(message), close: () => room.leave() }
  },
  'plain WebSocket': openPlainRoom,
  async HTTP({ url, videoId, name, hear }: Place): Promise<Door> {
    const { videos } = createRushes({ url })
    const person = `the secret of ${name}`
    const reading = new AbortController()
    const read = async () => {
      for await (const event of videos.follow(videoId, { signal: reading.signal })) hear(event)
    }
    read().catch(() => {})
    return {
      send: message =>
        videos.say(videoId, { ...message, author: name, person }, { signal: AbortSignal.timeout(10_000) }),
      close: () => reading.abort(),
    }
  },
}
