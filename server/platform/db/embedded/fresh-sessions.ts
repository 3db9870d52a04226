import type { PGlite } from '@electric-sql/pglite'

/** What a session is left with by `rollback` and `discard all` is what it began with. */
const farewells = ['rollback', 'discard all'].map(toMessage)

/**
 * PGlite has one session for all who connect, one after the other: a connection that is made anew would find the
 * statements that the one before gave names to, and could not use these names. A PostgreSQL server gives each its own.
 */
export function giveFreshSessions(database: PGlite): void {
  const pass = database.execProtocolRawStream.bind(database)
  database.execProtocolRawStream = async (message, options) => {
    if (isGreeting(message)) for (const farewell of farewells) await pass(farewell, { ...options, onRawData: () => {} })
    return pass(message, options)
  }
}

/** Only the first message of a connection has no letter in front. */
const isGreeting = (message: Uint8Array) => message[0] === 0

function toMessage(statement: string): Uint8Array {
  const message = Buffer.from(`Q....${statement}\0`)
  message.writeInt32BE(message.length - 1, 1)
  return message
}
