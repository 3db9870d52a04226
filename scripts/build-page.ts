import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'

const root = join(import.meta.dirname, '..')

/** Builds the page unless it is there; true when it had to. Throws with the builder's last words. */
export async function buildPage(): Promise<boolean> {
  if (existsSync(join(root, 'web/dist/index.html'))) return false
  const vite = join(root, 'node_modules/vite/bin/vite.js')
  if (!existsSync(vite))
    throw new Error('The page is not built, and its builder is not installed: run `npm ci && npm run build`.')
  await promisify(execFile)(process.execPath, [vite, 'build', 'web'], { cwd: root }).catch(fault => {
    const said = `${fault.stdout}\n${fault.stderr}`.trim().split('\n')
    throw new Error(`The page could not be built:\n${said.slice(-20).join('\n')}`)
  })
  return true
}

// Before `npm start`: without the page the server still serves its API, so this never stops it.
if (import.meta.main) await buildPage().catch(fault => console.error(fault.message))
