import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'

/** The folder of test media, and for `test(..., { skip })` a sentence when there is none. */
export const media = process.env.RUSHES_MEDIA ?? ''
export const skip = media === '' ? 'RUSHES_MEDIA names no folder of test media' : false
export const mediaFile = (name: string): string => path.join(media, 'files', name)

/** A temporary folder that goes with its block. */
export function scratch() {
  const folder = mkdtempSync(path.join(tmpdir(), 'rushes-test-'))
  return {
    folder,
    file: (name: string) => path.join(folder, name),
    [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }),
  }
}

/** Makes a film by ffmpeg's own generators: `film('a.mp4', '-f', 'lavfi', '-i', 'testsrc2', ...)`. */
export function film(target: string, ...args: string[]): string {
  const made = spawnSync('ffmpeg', ['-nostdin', '-v', 'error', '-y', ...args, target], { encoding: 'utf8' })
  if (made.status !== 0) throw new Error(made.stderr)
  return target
}
