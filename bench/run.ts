/**
 * `npm run bench` runs every bench, one after the other; `npm run bench -- NAME [arguments]` one of them. What else the
 * machine did stands before and after each: where the two are far apart, or above nothing, measure again.
 *
 * `npm run bench -- NAME --beside FOLDER [--times 3] [arguments]` runs the same bench of another version in turns, in a
 * checkout of its own with its packages installed, and prints each figure of both.
 */
import { spawnSync } from 'node:child_process'
import { resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { compareTables, readTables } from './support/compare-tables.ts'
import { machineInWords } from './support/machine.ts'

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
const here = fileURLToPath(new URL('..', import.meta.url))

const { beside, times, given } = readArguments(process.argv.slice(2))
const [name, ...rest] = given
if (name !== undefined && !all.includes(name)) {
  console.error(`There is no bench ${name}. There are: ${all.join(', ')}.`)
  process.exit(2)
}
for (const bench of name === undefined ? all : [name]) {
  console.log(`\n# ${bench} (${machineInWords()})\n`)
  if (beside === undefined) run(bench, here)
  else runInTurns(bench, beside)
  console.log(`\n${bench}: ${machineInWords()} at its end`)
}

/** By hand, for what it does not know is the bench's own. */
function readArguments(from: string[]) {
  const taken = (flag: string) => {
    const at = from.indexOf(flag)
    return at < 0 ? undefined : from.splice(at, 2)[1]
  }
  const [beside, times = '3'] = [taken('--beside'), taken('--times')]
  return { beside, times: Number(times), given: from }
}

function run(bench: string, root: string, stdout: 'inherit' | 'pipe' = 'inherit'): string {
  const script = resolve(root, 'bench', `${bench}.ts`)
  const ended = spawnSync(process.execPath, [script, ...rest], {
    cwd: root,
    stdio: ['ignore', stdout, 'inherit'],
    encoding: 'utf8',
  })
  if (ended.status !== 0) process.exit(ended.status ?? 1)
  return ended.stdout ?? ''
}

function runInTurns(bench: string, other: string): void {
  const [before, now]: [string[], string[]] = [[], []]
  for (let turn = 0; turn < times; turn += 1) {
    // Who goes first finds colder caches.
    const turns = [() => before.push(run(bench, resolve(other), 'pipe')), () => now.push(run(bench, here, 'pipe'))]
    for (const go of turn % 2 ? turns.reverse() : turns) go()
  }
  console.log(compareTables(before.map(readTables), now.map(readTables)))
}
