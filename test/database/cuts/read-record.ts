import { readFileSync } from 'node:fs'
import type { Happening } from './record-files.ts'

/** What was written down by ./record-files.ts, from its beginning. */
export function* readRecord(path: string): Generator<Happening> {
  const record = readFileSync(path)
  for (let at = 0; at + 8 <= record.length; ) {
    const textEnd = at + 8 + record.readUInt32LE(at)
    const end = textEnd + record.readUInt32LE(at + 4)
    const happening = JSON.parse(record.toString('utf8', at + 8, textEnd)) as Happening
    yield happening.op === 'write' ? { ...happening, data: record.subarray(textEnd, end) } : happening
    at = end
  }
}
