import { type App, createApp } from './app.ts'
import { configOfThisProcess } from './config.ts'
import { endOnFault } from './platform/end-on-fault.ts'
import { createErrands } from './platform/errands.ts'
import { StartError } from './platform/errors.ts'
import { createLog } from './platform/log.ts'

const forceExitAfterMs = 20_000
/** Ended as it was told to; anything else is a fault, and whoever supervises the process starts it again. */
const exitCodes: Record<string, number> = { SIGINT: 130, SIGTERM: 0 }

// Signals count from the first moment: a server that is told to end while it starts ends when it has.
const { promise: told, resolve: tell } = Promise.withResolvers<NodeJS.Signals>()
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => {
    tell(signal)
    // A second one means now.
    process.once(signal, () => process.exit(1))
  })
}

try {
  const config = configOfThisProcess()
  const log = createLog({ level: config.LOG_LEVEL, pretty: config.LOG_PRETTY })
  const errands = createErrands()
  let running: App | undefined
  endOnFault({ log, errands, stop: async () => running?.stop() })
  const app = await createApp(config, { log, errands })
  running = app
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
