/**
 * `npm run bench` runs every bench, one after the other; `npm run bench -- NAME [arguments]` one of them. What else the
 * machine did stands before and after each: where the two are far apart, or above nothing, measure again.
 */
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { machineLoad } from './support/machine.ts'

const all = [
  'streaming',
  'players',
  'upload',
  'pipeline',
  'ladder',
  'room',
  'room-at-rest',
  'at-rest',
  'search',
  'public',
]

const [name, ...given] = process.argv.slice(2)
if (name !== undefined && !all.includes(name)) {
  console.error(`There is no bench ${name}. There are: ${all.join(', ')}.`)
  process.exit(2)
}
for (const bench of name === undefined ? all : [name]) {
  console.log(`\n# ${bench} (${machineLoad()})\n`)
  const script = fileURLToPath(new URL(`${bench}.ts`, import.meta.url))
  const { status } = spawnSync(process.execPath, [script, ...given], { stdio: 'inherit' })
  console.log(`\n${bench}: ${machineLoad()} at its end`)
  if (status !== 0) process.exit(status ?? 1)
}
