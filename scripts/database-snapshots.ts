import { parseArgs } from 'node:util'
import { configOfThisProcess } from '../server/config.ts'
import { listSnapshots } from '../server/platform/db/index.ts'
import { StartError } from '../server/platform/errors.ts'

const usage = `usage: rushes database snapshots [--json]

Lists the snapshots of the embedded database, newest first: what they are called, when and why they were taken, and how
large they are. The server may run.`

function main(json: boolean): void {
  const { DATA_DIR, DATABASE_URL } = configOfThisProcess()
  if (DATABASE_URL !== undefined)
    throw new StartError('DATABASE_URL is set: snapshots are taken of the embedded database alone. See docs/deploy.md.')
  const snapshots = listSnapshots(DATA_DIR)
  for (const { name, takenAt, why, sizeBytes } of snapshots) {
    const megabytes = `${Math.round(sizeBytes / 1024 / 1024)} MB`
    console.log(
      json
        ? JSON.stringify({ name, takenAt, why, sizeBytes })
        : `${name.padEnd(30)}${why.padEnd(10)}${megabytes.padStart(8)}`,
    )
  }
  if (snapshots.length === 0 && !json) console.log(`There is no snapshot in ${DATA_DIR} yet.`)
}

try {
  const { values } = parseArgs({ options: { json: { type: 'boolean', default: false }, help: { type: 'boolean' } } })
  if (values.help) console.log(usage)
  else main(values.json)
} catch (fault) {
  console.error(fault instanceof StartError ? fault.message : `${fault}\n\n${usage}`)
  process.exitCode = fault instanceof StartError ? 1 : 2
}
