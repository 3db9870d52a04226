import { type Config, ConfigError, configOfThisProcess } from '../server/config.ts'
import { checkEngines } from './doctor/engines.ts'
import { type Finding, missing, ok } from './doctor/finding.ts'
import { checkObjectStore } from './doctor/object-store.ts'
import { checkDatabase, checkDataDirectory, checkModels, checkPage, checkPort } from './doctor/storage.ts'
import { checkFfmpeg, checkNode } from './doctor/tools.ts'

// What is here and what is missing, with the way out of each. Ends with 1 only when the server could not start.

async function examine(): Promise<Finding[]> {
  const config = readConfig()
  const [ffmpeg, database, data] = await Promise.all([
    checkFfmpeg(),
    config instanceof ConfigError ? [] : checkDatabase(config),
    config instanceof ConfigError ? [] : checkPlaces(config),
  ])
  const configured =
    config instanceof ConfigError
      ? config.faults.map(fault => missing('configuration', fault, 'see .env.example'))
      : [ok('configuration', 'can be read'), database, ...data, ...(await checkEngines(config))]
  return [checkNode(), ...ffmpeg, await checkPage(), ...configured.flat()]
}

const checkPlaces = (config: Config): Promise<Finding[]> =>
  Promise.all([checkDataDirectory(config), ...checkObjectStore(config), checkPort(config), checkModels(config)])

function readConfig(): Config | ConfigError {
  try {
    return configOfThisProcess()
  } catch (fault) {
    if (fault instanceof ConfigError) return fault
    throw fault
  }
}

function print(findings: Finding[]): void {
  const width = Math.max(...findings.map(({ what }) => what.length))
  for (const { what, state, detail, wayOut } of findings) {
    console.log(`${state.padEnd(8)} ${what.padEnd(width)}  ${detail}`)
    if (wayOut) console.log(`${''.padEnd(width + 10)} → ${wayOut}`)
  }
  const blockers = findings.filter(({ state }) => state === 'missing').length
  console.log(
    blockers === 0 ? '\nThe server can start: npm start' : `\nThe server can't start yet: ${blockers} missing.`,
  )
}

const findings = await examine()
const canStart = findings.every(({ state }) => state !== 'missing')
if (process.argv.includes('--json')) console.log(JSON.stringify({ canStart, findings }, null, 2))
else print(findings)
process.exit(canStart ? 0 : 1)
