import { Client, type ClientBase, type ClientConfig, type QueryConfig, type QueryResult } from 'pg'
import { DatabaseAway, endsConnection } from './away.ts'
import { JoinedSocket } from './joined-socket.ts'

export interface Statement extends QueryConfig {
  /** Milliseconds after which a silent connection counts as broken, where it isn't the usual time. */
  query_timeout?: number
}

/** Whatever runs statements: a pool, or one connection of it. A text of several statements has several results. */
export interface Runner {
  query(statement: Statement, values?: unknown[]): Promise<QueryResult>
}

/** One connection, and whether it is still good. */
export interface Link extends Runner {
  readonly broken: boolean
  readonly usedAtMs: number
}

/** Hears from now on when the connection breaks: a client whose `error` nobody hears ends the process. */
export function createLink(client: ClientBase, onBroken: (fault: Error) => void = () => {}): Link {
  let broken = false
  let usedAtMs = Number.NEGATIVE_INFINITY
  client.on('error', fault => {
    if (!broken) onBroken(fault)
    broken = true
  })
  return {
    get broken() {
      return broken
    },
    get usedAtMs() {
      return usedAtMs
    },
    async query(statement, values) {
      try {
        return await client.query(statement, values)
      } catch (fault) {
        broken ||= endsConnection(fault)
        throw broken ? new DatabaseAway(fault) : fault
      } finally {
        usedAtMs = performance.now()
      }
    },
  }
}

export const howToConnect = {
  stream: () => new JoinedSocket(),
  pipeline: true,
  keepAlive: true,
  keepAliveInitialDelayMillis: 10_000,
} satisfies ClientConfig

/** How long a connection may take to say goodbye. */
export const endMs = 5000

export const cutOff = (client: Client): void => void client.connection.stream.destroy()

/** A link that is nobody else's. */
export interface LoneLink extends Link {
  stop(): Promise<void>
}

/** What there is to hear on a connection beside its answers. */
export interface Hearing {
  notified?: (payload: string) => void
  broken?: (fault: Error) => void
}

/** For what belongs to one connection: locks of a session, notifications, statements that take long. */
export async function openLoneLink(config: ClientConfig, { notified, broken }: Hearing = {}): Promise<LoneLink> {
  const client = new Client({ ...config, ...howToConnect })
  const link = createLink(client, broken)
  if (notified) client.on('notification', ({ payload = '' }) => notified(payload))
  try {
    await client.connect()
  } catch (fault) {
    throw new DatabaseAway(fault)
  }
  return Object.assign(link, {
    async stop() {
      const late = setTimeout(cutOff, endMs, client)
      await client.end()
      clearTimeout(late)
    },
  })
}
