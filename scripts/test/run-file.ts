import { text } from 'node:stream/consumers'
import { run } from 'node:test'
import { spec } from 'node:test/reporters'
import type { Tier } from './tiers.ts'

export interface Task {
  tier: Tier
  file: string
}
export interface Outcome {
  passed: number
  failed: number
  skipped: number
  seconds: number
  /** As people read it. */
  report: string
}

const testTimeoutMs = 120_000
const quicken = new URL('../../test/support/quicken.ts', import.meta.url).href
/**
 * Each file starts servers and ends them within seconds: optimising the embedded database's code takes longer than what
 * it saves in that time. Imports are made as quick as in a server.
 */
const execArgv = ['--liftoff-only', '--import', quicken]

/** Counted over all files in the end. */
const itsCounts = /^ℹ (tests|suites|pass|fail|cancelled|skipped|todo|duration_ms) .*\n?/gm

/** One file in a process of its own. */
export async function runFile({ tier, file }: Task, env: NodeJS.ProcessEnv, signal: AbortSignal): Promise<Outcome> {
  const began = performance.now()
  // A test that fails half-way leaves things open: they must not hold up all others.
  const limits = { timeout: testTimeoutMs, forceExit: true, signal }
  const results = run({ files: [file], env: { ...tier.env, ...env }, execArgv, ...limits })
  const counts = { passed: 0, failed: 0, skipped: 0 }
  let hasFailed = false
  results.on('test:fail', () => {
    hasFailed = true
  })
  results.on('test:summary', ({ file: of, counts: { tests, passed, skipped, todo } }) => {
    // A summary without a file is that of the whole run. What is left of the sum failed, was cut off or crashed.
    if (of === undefined)
      Object.assign(counts, { passed, skipped: skipped + todo, failed: tests - passed - skipped - todo })
  })
  const report = await text(results.compose(new spec()))
  // A file that ends without a word of its tests has failed, too.
  const failed = hasFailed ? Math.max(1, counts.failed) : counts.failed
  const seconds = (performance.now() - began) / 1000
  return { ...counts, failed, seconds, report: report.replace(itsCounts, '').trimEnd() }
}
