import { parseArgs } from 'node:util'
import type { StorageKind } from '../../server/open-storage.ts'

export const usage = `usage: rushes storage migrate --to s3|disk [--keep] [--dry-run] [--json]

  --to       where all files go: the bucket of the S3_ variables, or DATA_DIR/blobs
  --keep     leave the files where they are, too; without it each is removed there once it was read back
  --dry-run  only say what would be moved
  --json     a line of JSON for each file, and for the progress

The server may run: set STORAGE to the new place and start it again first. It then stores what is new there, and reads
from the old place what is not moved yet. Every file is compared by SHA-256 with what is read back. It can be stopped,
or killed, at any moment: run it again, and it goes on.`

export interface CommandLine {
  to: StorageKind
  keep: boolean
  dryRun: boolean
  json: boolean
}

/** What is wanted; `help`; or what is wrong about it, in a sentence. */
export function readCommandLine(given: string[]): CommandLine | 'help' | { fault: string } {
  try {
    const { values } = parseArgs({
      args: given,
      options: {
        to: { type: 'string' },
        keep: { type: 'boolean', default: false },
        'dry-run': { type: 'boolean', default: false },
        json: { type: 'boolean', default: false },
        help: { type: 'boolean', short: 'h', default: false },
      },
    })
    if (values.help) return 'help'
    const { to, keep, json, 'dry-run': dryRun } = values
    if (to !== 's3' && to !== 'disk') return { fault: '--to is s3 or disk.' }
    return { to, keep, dryRun, json }
  } catch (fault) {
    return { fault: fault instanceof Error ? fault.message : String(fault) }
  }
}
