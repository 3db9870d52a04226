import { parseArgs } from 'node:util'
import { configOfThisProcess } from '../server/config.ts'
import { AppError, messageOf, StartError } from '../server/platform/errors.ts'
import type { Swept } from '../server/platform/removals/index.ts'
import { sizeOf } from './storage/progress.ts'
import { sweepStorage } from './storage/sweep-storage.ts'

// Looks for stored files that no record names. A server does the same once a day.

const usage = `usage: rushes storage sweep [--dry-run] [--all] [--json]

  --dry-run  only list what would be removed
  --all      also when that is more than a tenth of all files, which would be odd
  --json     a line of JSON for each file

Removed are files that no record names, drafts that never became files, and parts of uploads that are gone, all older than
twelve hours. With an embedded database, stop the server first; beside a PostgreSQL it may run.

Ends with 0; with 1 when something was left on purpose (it says what and why) or nothing could be done; with 2 when it was
asked wrongly.`

interface CommandLine {
  dryRun: boolean
  all: boolean
  json: boolean
}

/** What is wanted; `help`; or what is wrong about it, in a sentence. */
function readCommandLine(given: string[]): CommandLine | 'help' | { fault: string } {
  try {
    const { values } = parseArgs({
      args: given,
      options: {
        'dry-run': { type: 'boolean', default: false },
        all: { type: 'boolean', default: false },
        json: { type: 'boolean', default: false },
        help: { type: 'boolean', short: 'h', default: false },
      },
    })
    const { help, 'dry-run': dryRun, all, json } = values
    return help ? 'help' : { dryRun, all, json }
  } catch (fault) {
    return { fault: messageOf(fault) }
  }
}

function tell({ files, bytes, unnamed, leftovers, left }: Swept, { dryRun, json }: CommandLine): void {
  const unnamedBytes = unnamed.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0)
  const say = (about: Record<string, unknown>, sentence: string) => console.log(json ? JSON.stringify(about) : sentence)
  for (const { key, sizeBytes, modifiedAt } of unnamed)
    say({ type: 'file', key, sizeBytes, modifiedAt }, `  ${key}  ${sizeOf(sizeBytes)}`)
  for (const { name, modifiedAt } of leftovers) say({ type: 'leftover', name, modifiedAt }, `  ${name}`)
  const done = left ?? (dryRun ? 'They would be removed.' : 'They are removed.')
  const counts = { files, bytes, unnamed: unnamed.length, unnamedBytes, leftovers: leftovers.length }
  say(
    { type: 'end', ...counts, removed: !dryRun && left === null, left },
    `${files} files (${sizeOf(bytes)}); named by no record: ${unnamed.length} (${sizeOf(unnamedBytes)}), beside them ${leftovers.length} drafts and parts. ${done}`,
  )
}

const asked = readCommandLine(process.argv.slice(2))
if (asked === 'help') {
  console.log(usage)
} else if ('fault' in asked) {
  console.error(`${asked.fault}\n\n${usage}`)
  process.exitCode = 2
} else {
  try {
    const swept = await sweepStorage(configOfThisProcess(), asked)
    tell(swept, asked)
    process.exitCode = swept.left === null ? 0 : 1
  } catch (fault) {
    console.error(fault instanceof StartError || fault instanceof AppError ? fault.message : fault)
    process.exitCode = 1
  }
}
