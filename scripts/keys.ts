import { createAccounts } from '../server/accounts/index.ts'
import { configOfThisProcess } from '../server/config.ts'
import { openDatabase } from '../server/platform/db/index.ts'
import { StartError } from '../server/platform/errors.ts'
import { createLog } from '../server/platform/log.ts'

const usage = 'usage: npm run keys -- create NAME'
const [command, name] = process.argv.slice(2)

if (command !== 'create' || !name) {
  console.error(usage)
  process.exit(2)
}
try {
  const config = configOfThisProcess()
  const { DATABASE_URL: url = null, DATA_DIR: dataDirectory } = config
  const log = createLog({ level: 'silent', pretty: false })
  const database = await openDatabase({ url, dataDirectory, poolSize: 2, log })
  const accounts = await createAccounts({ database, configuredKey: undefined })
  console.log(await accounts.createKey(name))
  console.error('Keep it: only its hash is stored. From now on every caller needs a key.')
  await database.stop()
} catch (fault) {
  console.error(fault instanceof StartError ? fault.message : fault)
  process.exit(1)
}
