// `npm run keys -- list | create NAME | revoke ID|NAME | rotate ID|NAME`: API keys, on a running server or none.
import { parseArgs } from 'node:util'
import { RushesError } from '../client-sdk/src/index.ts'
import { AppError, StartError } from '../server/platform/errors.ts'
import { isCommand, runCommand } from './keys/commands.ts'
import { KeysError, type OpenKeys, openKeys } from './keys/open-keys.ts'

const usage = `usage: npm run keys -- COMMAND [options]

  list                the keys that are valid
  create NAME         makes one, and shows it this once
  revoke ID|NAME      ends one, with what it has open and the addresses that it signed
  rotate ID|NAME      gives one another secret; --grace SECONDS: the old one is good for so long

  --json              for programs
  --url URL           the server there (or RUSHES_URL), by the key in RUSHES_API_KEY; else the one of DATA_DIR

A running server is told at once, and knows others on its database within 5 seconds.`

/** Exit codes: 0 done, 1 not done, 2 asked for in no way that is known. */
async function main(): Promise<number> {
  const given = readArguments()
  if (given === null) return 2
  const { command, name, options } = given
  let opened: OpenKeys | undefined
  try {
    opened = await openKeys(options.url ?? process.env.RUSHES_URL, { isFirst: command === 'create' })
    await runCommand(opened.keys, { command, name, json: options.json, graceSeconds: Number(options.grace) })
    return 0
  } catch (fault) {
    const isSaid = [KeysError, RushesError, AppError, StartError].some(kind => fault instanceof kind)
    console.error(isSaid ? (fault as Error).message : fault)
    return 1
  } finally {
    await opened?.close()
  }
}

function readArguments() {
  try {
    const { values: options, positionals } = parseArgs({
      allowPositionals: true,
      options: {
        json: { type: 'boolean', default: false },
        url: { type: 'string' },
        grace: { type: 'string', default: '0' },
        help: { type: 'boolean', short: 'h', default: false },
      },
    })
    const [command, name, ...more] = positionals
    if (options.help) {
      console.log(usage)
      process.exit(0)
    }
    const isWhole = more.length === 0 && (command === 'list') === (name === undefined) && /^\d+$/.test(options.grace)
    if (isCommand(command) && isWhole) return { command, name: name ?? '', options }
    console.error(usage)
  } catch (fault) {
    console.error(`${(fault as Error).message}\n\n${usage}`)
  }
  return null
}

process.exitCode = await main()
