import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { connect } from 'node:net'
import { join, resolve } from 'node:path'
import { createRushes, type Rushes } from '../../client-sdk/src/index.ts'
import { type Config, configOfThisProcess } from '../../server/config.ts'
import { databaseOptionsOfCommand } from '../../server/database-options.ts'
import { operator } from '../../server/platform/caller.ts'
import { messageOf, StartError } from '../../server/platform/errors.ts'
import { checkControlFolder, controlSocketPath } from '../../server/platform/http/control-socket.ts'
import { createLog } from '../../server/platform/log.ts'
import { fetchThrough } from './fetch-through.ts'

/** Why nothing was done, in a sentence for whoever asked. */
export class KeysError extends Error {}

export interface OpenKeys {
  keys: Rushes['keys']
  close(): Promise<void>
}

/**
 * The keys of the server at `url`; else of the one that runs on this DATA_DIR, through its control socket; else, when none
 * does, those in its database, which is made where none is and `isFirst` says that the key may be the first one. Throws
 * `StartError`, `KeysError`.
 */
export async function openKeys(url: string | undefined, { isFirst }: { isFirst: boolean }): Promise<OpenKeys> {
  if (url) return { keys: createRushes({ url, token: process.env.RUSHES_API_KEY || undefined }).keys, close }
  const config = configOfThisProcess()
  const socketPath = controlSocketPath(config.DATA_DIR)
  await checkControlFolder(socketPath).catch(fault => {
    throw new KeysError(messageOf(fault))
  })
  if (await isAnswered(socketPath))
    return { keys: createRushes({ url: 'http://localhost', fetch: fetchThrough(socketPath) }).keys, close }
  return openStoredKeys(config, isFirst)
}

async function openStoredKeys(config: Config, isFirst: boolean): Promise<OpenKeys> {
  if (!isFirst && config.DATABASE_URL === undefined && !existsSync(join(config.DATA_DIR, 'database')))
    throw new KeysError(
      `No Rushes has been started on ${resolve(config.DATA_DIR)}: set DATA_DIR to the server's, or ask it by --url.`,
    )
  // Loaded when it is needed: asking a server is quicker without.
  const { openDatabase } = await import('../../server/platform/db/index.ts')
  const { createKeys } = await import('../../server/accounts/index.ts')
  const log = createLog({ level: 'silent', pretty: false })
  const database = await openDatabase(databaseOptionsOfCommand(config, log)).catch(fault => {
    throw fault instanceof StartError ? new KeysError(`${fault.message} ${orAsk}`) : fault
  })
  const keys = createKeys(database)
  return {
    keys: {
      list: async () => ({ items: await keys.list(), configured: config.RUSHES_API_KEY !== undefined }),
      create: name => keys.create({ name, by: operator }),
      revoke: id => keys.revoke(id),
      rotate: (id, { graceSeconds = 0 } = {}) => keys.rotate(id, { graceSeconds }),
    },
    close: database.stop,
  }
}

/** A server that could make no control socket, or is only starting. */
const orAsk = 'A server that runs there can be asked by --url with its RUSHES_API_KEY.'
const close = async () => {}

async function isAnswered(path: string): Promise<boolean> {
  const socket = connect(path)
  try {
    await once(socket, 'connect')
    return true
  } catch (fault) {
    // A server that runs as somebody else is there, and must not be passed by.
    if ((fault as NodeJS.ErrnoException).code === 'EACCES')
      throw new KeysError(`The server's control socket ${path} is for the user that runs it: use that user, or --url.`)
    return false
  } finally {
    socket.destroy()
  }
}
