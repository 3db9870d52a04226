// `npm run check`: every rule of the house, side by side, in well under a minute. All of a failing part's output is shown.
import { spawn } from 'node:child_process'
import { delimiter, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const tools = join(root, 'node_modules', '.bin')

const parts: Record<string, readonly string[]> = {
  'format and lint': ['biome', 'check', '--max-diagnostics=200', '.'],
  types: ['tsc', '--noEmit'],
  'types of the page': ['tsc', '--noEmit', '-p', 'web'],
  'floor plan': ['depcruise', 'server', 'shared', 'client-sdk/src', 'web/src', 'scripts', 'bench', 'test'],
  'house rules': ['node', '--test', '--test-timeout=60000', 'test/house/*.test.ts'],
}

interface Outcome {
  name: string
  passed: boolean
  output: string
}

async function runPart(name: string, [tool = '', ...given]: readonly string[]): Promise<Outcome> {
  const began = performance.now()
  const { passed, output } = await outputOf(tool, given)
  const seconds = ((performance.now() - began) / 1000).toFixed(1)
  console.log(`${passed ? 'ok    ' : 'FAILED'}  ${name} (${seconds} s)`)
  return { name, passed, output }
}

function outputOf(tool: string, given: readonly string[]): Promise<Omit<Outcome, 'name'>> {
  const env = { ...process.env, PATH: `${tools}${delimiter}${process.env.PATH ?? ''}` }
  const child = spawn(tool, given, { cwd: root, env, stdio: ['ignore', 'pipe', 'pipe'] })
  const chunks: Buffer[] = []
  child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk))
  child.stderr.on('data', (chunk: Buffer) => chunks.push(chunk))
  return new Promise(resolve => {
    child.on('error', fault => resolve({ passed: false, output: fault.message }))
    child.on('close', code => resolve({ passed: code === 0, output: Buffer.concat(chunks).toString() }))
  })
}

const outcomes = await Promise.all(Object.entries(parts).map(([name, command]) => runPart(name, command)))
const failed = outcomes.filter(({ passed }) => !passed)
for (const { name, output } of failed) console.log(`\n── ${name} ──\n${output.trimEnd()}`)
console.log(failed.length === 0 ? '\nAll checks passed.' : `\nFailed: ${failed.map(({ name }) => name).join(', ')}.`)
process.exitCode = failed.length === 0 ? 0 : 1
