import { createApp } from './app.ts'
import { configOfThisProcess } from './config.ts'
import { StartError } from './platform/errors.ts'

const forceExitAfterMs = 20_000

try {
  const app = await createApp(configOfThisProcess())
  let stopping = false
  const stop = async (signal: NodeJS.Signals) => {
    // A second signal means now.
    if (stopping) process.exit(1)
    stopping = true
    setTimeout(() => process.exit(1), forceExitAfterMs).unref()
    await app.stop()
    process.exit(signal === 'SIGINT' ? 130 : 0)
  }
  process.on('SIGINT', stop)
  process.on('SIGTERM', stop)
} catch (fault) {
  // What whoever starts it can mend is a sentence; anything else is a fault of ours, with its stack.
  console.error(fault instanceof StartError ? fault.message : fault)
  process.exit(1)
}
