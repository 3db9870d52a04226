// `npm test [-- [--tier embedded|postgres|page] [part of a path ...]]`: the tests, tier by tier.
//
//   embedded   everything but the page, on the embedded database
//   postgres   what says `// tier: postgres` in its first line, once more on the server of RUSHES_TEST_DATABASE_URL (when that is set)
//   page       the built page in a real browser (when there is a Chromium)
//
// Tests on real films and real models want RUSHES_MEDIA and RUSHES_MODELS; without them they say that they are skipped.
import { spawnSync } from 'node:child_process'
import { accessSync, chmodSync, constants, globSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join, relative, sep } from 'node:path'
import { run } from 'node:test'
import { spec } from 'node:test/reporters'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { Pool } from 'pg'

const filesSideBySide = 2
const testTimeoutMs = 120_000
const tierTimeoutMs = 60 * 60_000
const browsers = ['chromium', 'chromium-browser', 'google-chrome']
/**
 * Each file starts servers and ends them within seconds: optimising the embedded database's code takes longer than what
 * it saves in that time.
 */
const execArgv = ['--liftoff-only']
/** Of the database that the tests copy. */
const template = `rushes-test-template-${process.pid}`
/** What a file says whose promises hang on the database: locks, several connections or servers, how it sorts and searches. */
const postgresTag = '// tier: postgres\n'

const root = fileURLToPath(new URL('..', import.meta.url))
const { tier: onlyTier, filters } = readArguments()
process.chdir(root)

interface Tier {
  wants: (path: string) => boolean
  env?: NodeJS.ProcessEnv
  /** Why it can't run here, if it can't. */
  missing?: string | undefined
  prepare?: () => void
  cleanUp?: () => Promise<void>
}

const { RUSHES_TEST_DATABASE_URL: databaseUrl, ...environment } = process.env
const tiers: Record<string, Tier> = {
  embedded: { wants: path => !isOfPage(path) },
  postgres: {
    wants: path => readFileSync(path, 'utf8').startsWith(postgresTag),
    env: { RUSHES_TEST_DATABASE_URL: databaseUrl },
    missing: databaseUrl ? undefined : 'RUSHES_TEST_DATABASE_URL is not set',
    cleanUp: dropTemplate,
  },
  page: {
    wants: isOfPage,
    missing: browsers.some(isOnPath) ? undefined : `none of ${browsers.join(', ')} is installed`,
    prepare: buildPage,
  },
}

function readArguments(): { tier: string | undefined; filters: string[] } {
  const { values, positionals } = parseArgs({ options: { tier: { type: 'string' } }, allowPositionals: true })
  return { tier: values.tier, filters: positionals }
}

function isOnPath(program: string): boolean {
  return (process.env.PATH ?? '').split(delimiter).some(folder => {
    try {
      accessSync(join(folder, program), constants.X_OK)
      return true
    } catch {
      // Not in this folder, or not to be run: the next one may have it.
      return false
    }
  })
}

function isOfPage(path: string): boolean {
  return path.startsWith('test/page/')
}

async function dropTemplate(): Promise<void> {
  const pool = new Pool({ connectionString: databaseUrl })
  await pool.query(`drop database if exists "${template}" with (force)`)
  await pool.end()
}

/** A page of yesterday would be tested otherwise. */
function buildPage(): void {
  const built = spawnSync('npm', ['run', '--silent', 'build'], { stdio: ['ignore', 'pipe', 'pipe'], encoding: 'utf8' })
  if (built.status !== 0) throw new Error(`the page can't be built:\n${built.stdout}${built.stderr}`)
}

const testFiles = globSync('test/**/*.test.ts')
  .map(path => path.split(sep).join('/'))
  .sort()
const isWanted = (path: string) =>
  filters.length === 0 || filters.some(filter => path.includes(filter.replace(/^\.\//, '')))

interface Counts {
  passed: number
  failed: number
  skipped: number
}
interface Results extends Counts {
  /** Files with a test that failed. */
  failedFiles: ReadonlySet<string>
}

/** Said at the end. */
const notes = ['RUSHES_MEDIA', 'RUSHES_MODELS']
  .filter(name => !environment[name])
  .map(name => `${name} is not set: what needs it was skipped`)

async function runTier(name: string, tier: Tier, files: readonly string[]): Promise<Counts> {
  console.log(`\n── ${name}: ${files.length} files ──\n`)
  tier.prepare?.()
  // Whatever a test leaves behind, also one that was killed, goes with this folder.
  const temporary = mkdtempSync(join(tmpdir(), 'rushes-run-'))
  // Whoever runs this as root lends PostgreSQL another user, who must get in.
  chmodSync(temporary, 0o755)
  try {
    const shared = { NODE_COMPILE_CACHE: join(temporary, 'compiled'), RUSHES_TEST_TEMPLATE: template }
    const env = { ...environment, ...tier.env, ...shared, TMPDIR: temporary }
    const signal = AbortSignal.timeout(tierTimeoutMs)
    const results = await runFiles(files, { env, signal, sideBySide: filesSideBySide })
    if (results.failedFiles.size === 0 || signal.aborted) return results
    // A machine that much else happens on keeps no test's patience. What fails with nothing beside it fails.
    const alone = [...results.failedFiles]
    console.log(`\n── ${name}: ${alone.length} once more, one at a time ──\n`)
    const again = await runFiles(alone, { env, signal, sideBySide: 1 })
    for (const file of alone)
      if (!again.failedFiles.has(file)) notes.push(`${file} failed beside others (${name}) and passed alone`)
    // A file that ends without a word of its tests has failed, too.
    const failed = Math.max(again.failed, again.failedFiles.size)
    return { ...results, passed: results.passed + Math.max(0, results.failed - failed), failed }
  } finally {
    await tier.cleanUp?.()
    rmSync(temporary, { recursive: true, force: true })
  }
}

function runFiles(
  files: readonly string[],
  { env, signal, sideBySide }: { env: NodeJS.ProcessEnv; signal: AbortSignal; sideBySide: number },
): Promise<Results> {
  const limits = { concurrency: sideBySide, timeout: testTimeoutMs }
  // A test that fails half-way leaves things open: they must not hold up all others.
  const results = run({ files, env, execArgv, signal, forceExit: true, ...limits })
  const counts: Counts = { passed: 0, failed: 0, skipped: 0 }
  const failedFiles = new Set<string>()
  results.on('test:fail', ({ file }) => {
    if (file !== undefined) failedFiles.add(relative(root, file))
  })
  results.on('test:summary', ({ file, counts: of }) => {
    // A summary without a file is that of the whole run. What is left of the sum failed, was cut off or crashed.
    if (file !== undefined) return
    const failed = of.tests - of.passed - of.skipped - of.todo
    Object.assign(counts, { passed: of.passed, failed, skipped: of.skipped + of.todo })
  })
  const report = results.compose(new spec())
  report.pipe(process.stdout, { end: false })
  return new Promise((resolve, reject) =>
    report.on('end', () => resolve({ ...counts, failedFiles })).on('error', reject),
  )
}

async function main(): Promise<boolean> {
  if (onlyTier !== undefined && !Object.hasOwn(tiers, onlyTier))
    throw new Error(`--tier is one of ${Object.keys(tiers).join(', ')}`)
  const total: Counts = { passed: 0, failed: 0, skipped: 0 }
  for (const [name, tier] of Object.entries(tiers)) {
    if (onlyTier !== undefined && onlyTier !== name) continue
    const files = testFiles.filter(path => tier.wants(path) && isWanted(path))
    if (files.length === 0) continue
    if (tier.missing !== undefined) {
      if (onlyTier === name) throw new Error(tier.missing)
      notes.push(`tier ${name} did not run: ${tier.missing}`)
      continue
    }
    const counts = await runTier(name, tier, files)
    for (const key of ['passed', 'failed', 'skipped'] as const) total[key] += counts[key]
  }
  if (total.passed + total.failed + total.skipped === 0)
    throw new Error('no test was run: nothing fits these arguments here')
  console.log(
    `\n${notes.map(note => `note: ${note}\n`).join('')}${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`,
  )
  return total.failed === 0
}

try {
  process.exitCode = (await main()) ? 0 : 1
} catch (fault) {
  console.error(fault instanceof Error ? fault.message : fault)
  process.exitCode = 2
}
