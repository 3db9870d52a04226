import { parseArgs } from 'node:util'
import { configOfThisProcess } from '../server/config.ts'
import { restoreSnapshot } from '../server/platform/db/index.ts'
import { messageOf, StartError } from '../server/platform/errors.ts'

const usage = `usage: rushes database restore NAME [--json]

Puts a copy of a snapshot in the place of the embedded database. What is there now is set aside, not removed. The server
must not run. Films that were deleted since then are in the list again, without their files.`

async function main(name: string, json: boolean): Promise<void> {
  const { DATA_DIR, DATABASE_URL } = configOfThisProcess()
  if (DATABASE_URL !== undefined)
    throw new StartError('DATABASE_URL is set: there is no embedded database to be restored.')
  const aside = await restoreSnapshot(DATA_DIR, name)
  if (json) console.log(JSON.stringify({ restored: name, aside }))
  else console.log(`${name} is the database now.${aside ? ` What was there lies in ${aside}.` : ''}`)
}

const readName = () =>
  parseArgs({
    options: { json: { type: 'boolean', default: false }, help: { type: 'boolean', short: 'h', default: false } },
    allowPositionals: true,
  })

try {
  const { values, positionals } = readName()
  const [name] = positionals
  if (values.help) console.log(usage)
  else if (name === undefined || positionals.length > 1) {
    console.error(usage)
    process.exitCode = 2
  } else await main(name, values.json)
} catch (fault) {
  console.error(fault instanceof StartError ? fault.message : `Nothing was changed: ${messageOf(fault)}`)
  process.exitCode = 1
}
