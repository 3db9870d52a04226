import fs from 'node:fs'
import { type DestinationStream, pino } from 'pino'

export type Log = Pick<import('pino').Logger, 'error' | 'warn' | 'info' | 'debug'> & {
  child(bindings: Record<string, unknown>): Log
}

const standardOutput = 1
/** A reader of our lines who takes none for so long misses one: nobody waits for it any longer. */
const mostTries = 50
const pauseMs = 20

/** error: someone lost something. warn: we recovered. info: one line a life-cycle step. debug: the rest. */
export function createLog({ level, pretty }: { level: string; pretty: boolean }): Log {
  return pino({ level, base: null }, pretty ? prettily() : { write: writeLine })
}

/**
 * As far as it can be: on a full disk the line is lost, and the next one tries again. pino's own way to a file ends the
 * process then, or keeps it from ending: it writes the same line again for ever (sonic-boom 4.2, `flushSync`).
 */
function writeLine(line: string): void {
  const bytes = Buffer.from(line)
  for (let [at, tries] = [0, 0]; at < bytes.length && tries < mostTries; ) {
    try {
      at += fs.writeSync(standardOutput, bytes, at)
    } catch (fault) {
      if ((fault as NodeJS.ErrnoException).code !== 'EAGAIN') return
      tries++
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, pauseMs)
    }
  }
}

function prettily(): DestinationStream {
  const options = { ignore: 'pid,hostname', translateTime: 'HH:MM:ss' }
  const out = pino.transport({ target: 'pino-pretty', options })
  // Its thread ended over a line that could not be written: there is nothing left to say it with.
  out.on('error', () => {})
  return out
}
