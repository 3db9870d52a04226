/**
 * Loaded before a server (`--expose-gc --import`): on SIGUSR2 it collects its garbage, so that what it holds is what is
 * seen, and writes down what that is.
 */
import { writeFileSync } from 'node:fs'
import { memoryFileOf } from './held-memory.ts'

process.on('SIGUSR2', () => {
  globalThis.gc?.()
  writeFileSync(memoryFileOf(process.pid), JSON.stringify(process.memoryUsage()))
})
