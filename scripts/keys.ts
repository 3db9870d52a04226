import { createAccounts } from '../server/accounts/index.ts'
import { configOfThisProcess } from '../server/config.ts'
import { openDatabase } from '../server/platform/db/index.ts'
import { StartError } from '../server/platform/errors.ts'

const usage = 'usage: npm run keys -- create NAME'
const [command, name] = process.argv.slice(2)

if (command !== 'create' || !name) {
  console.error(usage)
  process.exit(2)
}
try {
  const config = configOfThisProcess()
  const database = await openDatabase({ url: config.DATABASE_URL ?? null, dataDirectory: config.DATA_DIR, poolSize: 2 })
  const accounts = await createAccounts({ database, configuredKey: undefined })
  console.log(await accounts.createKey(name))
  console.error('Keep it: only its hash is stored. From now on every caller needs a key.')
  await database.stop()
} catch (fault) {
  console.error(fault instanceof StartError ? fault.message : fault)
  process.exit(1)
}
