// `npm test [-- [--tier embedded|postgres|page] [part of a path ...]]`: the tests, all in one pool of processes.
//
//   embedded   everything but the page, on the embedded database
//   postgres   what says `// tier: postgres` in its first line, once more on the server of RUSHES_TEST_DATABASE_URL (when that is set)
//   page       the built page in a real browser (when there is a Chromium)
//
// Tests on real films and real models want RUSHES_MEDIA and RUSHES_MODELS; without them they say that they are skipped.
import { chmodSync, globSync, mkdtempSync, rmSync } from 'node:fs'
import { availableParallelism, tmpdir } from 'node:os'
import { join, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { type Outcome, runFile, type Task } from './test/run-file.ts'
import { listTiers, type Tier } from './test/tiers.ts'

const wholeTimeoutMs = 80 * 60_000
/** One more than there are processors: tests also wait. */
const filesSideBySide = Math.min(availableParallelism(), 8) + 1
const slowestShown = 5

process.chdir(fileURLToPath(new URL('..', import.meta.url)))
const { values, positionals: filters } = parseArgs({ options: { tier: { type: 'string' } }, allowPositionals: true })
const tiers = listTiers(`rushes-test-template-${process.pid}`)
/** Said at the end. */
const notes = ['RUSHES_MEDIA', 'RUSHES_MODELS']
  .filter(name => !process.env[name])
  .map(name => `${name} is not set: what needs it was skipped`)

function listTasks(): Task[] {
  const chosen = tiers.filter(({ name }) => values.tier === undefined || values.tier === name)
  if (chosen.length === 0) throw new Error(`--tier is one of ${tiers.map(({ name }) => name).join(', ')}`)
  const files = globSync('test/**/*.test.ts')
    .map(path => path.split(sep).join('/'))
    .filter(path => filters.length === 0 || filters.some(filter => path.includes(filter.replace(/^\.\//, ''))))
    .sort()
  return chosen.flatMap(tier => {
    const wanted = files.filter(tier.wants)
    if (wanted.length === 0 || tier.missing === undefined) return wanted.map(file => ({ tier, file }))
    if (values.tier) throw new Error(tier.missing)
    notes.push(`tier ${tier.name} did not run: ${tier.missing}`)
    return []
  })
}

/** What each came to, in the order in which they ended. */
async function runTasks(tasks: readonly Task[], env: NodeJS.ProcessEnv, sideBySide = filesSideBySide) {
  const signal = AbortSignal.timeout(wholeTimeoutMs)
  const left = [...tasks]
  const ended = new Map<Task, Outcome>()
  const prepared = new Map<Tier, Promise<unknown> | undefined>()
  const worker = async () => {
    for (let task = left.shift(); task; task = left.shift()) {
      const { tier, file } = task
      if (!prepared.has(tier)) prepared.set(tier, tier.prepare?.())
      await prepared.get(tier)
      const outcome = await runFile(task, env, signal)
      ended.set(task, outcome)
      console.log(`── ${tier.name} ${file} (${outcome.seconds.toFixed(0)} s; ${ended.size} of ${tasks.length})`)
      console.log(outcome.report)
    }
  }
  await Promise.all(Array.from({ length: sideBySide }, worker))
  return ended
}

async function runAll(tasks: readonly Task[], env: NodeJS.ProcessEnv): Promise<Map<Task, Outcome>> {
  const ended = await runTasks(tasks, env)
  const failed = tasks.filter(task => ended.get(task)?.failed)
  if (failed.length === 0) return ended
  // A machine that much else happens on keeps no test's patience. What fails with nothing beside it fails.
  console.log(`\n── ${failed.length} once more, one at a time ──\n`)
  for (const [task, outcome] of await runTasks(failed, env, 1)) {
    ended.set(task, outcome)
    if (!outcome.failed) notes.push(`${task.file} failed beside others (${task.tier.name}) and passed alone`)
  }
  return ended
}

/** By tier, and which files took the longest. */
function summarise(ended: Map<Task, Outcome>): boolean {
  const count = (of: Iterable<[Task, Outcome]>) => {
    const sum = { passed: 0, failed: 0, skipped: 0 }
    for (const [, outcome] of of) for (const key of ['passed', 'failed', 'skipped'] as const) sum[key] += outcome[key]
    return sum
  }
  const inWords = ({ passed, failed, skipped }: ReturnType<typeof count>) =>
    `${passed} passed, ${failed} failed, ${skipped} skipped`
  const slowest = [...ended].toSorted(([, a], [, b]) => b.seconds - a.seconds).slice(0, slowestShown)
  console.log(`\nℹ longest: ${slowest.map(([{ file }, { seconds }]) => `${file} ${seconds.toFixed(0)} s`).join(', ')}`)
  for (const [{ tier, file }, { failed }] of ended) if (failed) console.log(`ℹ failed: ${file} (${tier.name})`)
  for (const tier of tiers) {
    const its = [...ended].filter(([task]) => task.tier === tier)
    if (its.length > 0) console.log(`── ${tier.name}: ${its.length} files, ${inWords(count(its))}`)
  }
  for (const note of notes) console.log(`note: ${note}`)
  console.log(inWords(count(ended)))
  return count(ended).failed === 0
}

async function main(): Promise<boolean> {
  const tasks = listTasks()
  if (tasks.length === 0) throw new Error('no test was run: nothing fits these arguments here')
  // Whatever a test leaves behind, also one that was killed, goes with this folder.
  const temporary = mkdtempSync(join(tmpdir(), 'rushes-run-'))
  // Whoever runs this as root lends PostgreSQL another user, who must get in.
  chmodSync(temporary, 0o755)
  try {
    return summarise(await runAll(tasks, { NODE_COMPILE_CACHE: join(temporary, 'compiled'), TMPDIR: temporary }))
  } finally {
    for (const tier of new Set(tasks.map(({ tier }) => tier))) await tier.cleanUp?.()
    rmSync(temporary, { recursive: true, force: true })
  }
}

try {
  process.exitCode = (await main()) ? 0 : 1
} catch (fault) {
  console.error(fault instanceof Error ? fault.message : fault)
  process.exitCode = 2
}
