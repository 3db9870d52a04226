import { flushCompileCache } from 'node:module'
import type { App } from './app.ts'
import { configOfThisProcess, keepCodeOfThreads } from './config.ts'
import { databaseOptions } from './database-options.ts'
import { openDatabase } from './platform/db/index.ts'
import { endOnFault } from './platform/end-on-fault.ts'
import { createErrands } from './platform/errands.ts'
import { StartError } from './platform/errors.ts'
import { createLog } from './platform/log.ts'

const forceExitAfterMs = 20_000
/** A server that is killed later on has kept the code that was compiled for its start. */
const keepCodeAfterMs = 5_000
/** Ended as it was told to; anything else is a fault, and whoever supervises the process starts it again. */
const exitCodes: Record<string, number> = { SIGINT: 130, SIGTERM: 0 }

export interface Run {
  /** Resolves when it is to end. */
  told: Promise<NodeJS.Signals>
  /** Where compiled code is kept, if it is. */
  codeDirectory: string | null
}

/** The server from its configuration to the end of the process. */
export async function runServer({ told, codeDirectory }: Run): Promise<void> {
  try {
    if (codeDirectory !== null) keepCodeOfThreads(codeDirectory)
    const config = configOfThisProcess()
    const log = createLog({ level: config.LOG_LEVEL, pretty: config.LOG_PRETTY })
    const errands = createErrands()
    let running: App | undefined
    endOnFault({ log, errands, stop: async () => running?.stop() })
    // The database starts in its thread while everything else is loaded in this one.
    const database = openDatabase(databaseOptions(config, log))
    database.catch(() => {}) // whoever waits for it hears of it
    const { createApp } = await import('./app.ts')
    const app = await createApp(config, { log, errands, database })
    running = app
    setTimeout(flushCompileCache, keepCodeAfterMs).unref()
    const why = await Promise.race([told, app.lost])
    if (why instanceof Error) console.error(why.message)
    setTimeout(() => process.exit(1), forceExitAfterMs).unref()
    await app.stop()
    process.exit(exitCodes[String(why)] ?? 1)
  } catch (fault) {
    // What whoever starts it can mend is a sentence; anything else is a fault of ours, with its stack.
    console.error(fault instanceof StartError ? fault.message : fault)
    process.exit(1)
  }
}
