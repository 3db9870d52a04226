import { setTimeout as wait } from 'node:timers/promises'
import type { Database, LoneLink } from '../db/index.ts'

export interface Listening {
  channel: string
  heard: (payload: string) => void
  /** Called when it listens, at first and again: what was said in between was missed. */
  caughtUp: () => void
}

const beatMs = 10_000
const silenceMs = 5000
const retryMs = 1000

/** Listens until it is closed, on a connection of its own, which is made anew when it breaks. */
export async function listenOn(connect: NonNullable<Database['connect']>, { channel, heard, caughtUp }: Listening) {
  const closing = new AbortController()
  const { signal } = closing
  /** Ends when the connection does. */
  const listenOnce = async (): Promise<void> => {
    const ended = new AbortController()
    const link = await connect({ notified: heard, broken: () => ended.abort() })
    const until = AbortSignal.any([ended.signal, signal])
    try {
      await link.query({ text: `listen "${channel}"` })
      caughtUp()
      await beat(link, until)
    } finally {
      await link.stop()
    }
  }
  const listening = (async () => {
    while (!signal.aborted) {
      await listenOnce().catch(() => {})
      await wait(retryMs, undefined, { signal }).catch(() => {})
    }
  })()
  return {
    close: async () => {
      closing.abort()
      await listening
    },
  }
}

/** A connection that has nothing to say looks like one whose other end is gone: so it is asked now and then. */
async function beat(link: LoneLink, until: AbortSignal): Promise<void> {
  while (!until.aborted) {
    await link.query({ text: 'select 1', query_timeout: silenceMs })
    await wait(beatMs, undefined, { signal: until }).catch(() => {})
  }
}
