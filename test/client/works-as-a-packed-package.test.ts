import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { promisify } from 'node:util'

const run = promisify(execFile)
const root = join(import.meta.dirname, '../..')
const nodeModules = join(root, 'node_modules')

const program = `
import { createRushes, mayPass, RushesError, timeCode, type Answer, type Room, type Video } from '@rushes/client'
import {
  RoomProvider, RushesProvider, secondsOf, useAsk, useJobs, useMessages, useOthers, usePlayhead, useProgress, useRoom, useSyncStatus,
  useTyping, useUnread, useWatchTogether, type Other,
} from '@rushes/client/react'

const rushes = createRushes({ url: 'http://127.0.0.1:1' })
export const titleOf = (video: Video): string => video.title
export const ask = (room: Room): Answer => room.ask('who?')
export const again = (fault: unknown): boolean => mayPass(fault)
export const hooks = [RushesProvider, RoomProvider, useRoom, useMessages, useUnread, useTyping, useAsk, useJobs]
export const shown = () => ({ names: useOthers(others => others.map(other => other.name)), people: useOthers() })
export const where = (other: Other): number | null => secondsOf(other)
export const watch = (player: HTMLVideoElement): boolean => {
  usePlayhead(player)({ atSeconds: 1, playing: false })
  return useWatchTogether(player).isLeading
}
export const state = (): string => useSyncStatus().state + (useProgress()?.percent ?? 0)
// @ts-expect-error a video has no such field: the types are really there
export const nothing = (video: Video) => video.colour

console.log(timeCode(75), await rushes.videos.get('x').catch(fault => fault instanceof RushesError && fault.code))
`

const compilerOptions = {
  ...{ target: 'es2022', module: 'nodenext', strict: true, exactOptionalPropertyTypes: true, types: [] },
  ...{ lib: ['es2022', 'dom', 'dom.iterable'], jsx: 'react-jsx', outDir: 'out', skipLibCheck: false },
}

test('built, packed and unpacked elsewhere, it runs and type-checks', { timeout: 120_000 }, async () => {
  const folder = await mkdtemp(join(tmpdir(), 'rushes-packed-'))
  try {
    const tsdown = join(nodeModules, 'tsdown/dist/run.mjs')
    const built = join(folder, 'client')
    // Beside the real one, so that neither disturbs the other.
    await run(process.execPath, [tsdown, '--config', 'client-sdk/tsdown.config.ts', '--out-dir', join(built, 'dist')], {
      cwd: root,
    })
    await run('cp', [...['package.json', 'README.md', 'LICENSE'].map(name => join(root, 'client-sdk', name)), built])
    const { stdout } = await run('npm', ['pack', '--json', '--pack-destination', folder], { cwd: built })
    const files: string[] = JSON.parse(stdout)[0].files.map((file: { path: string }) => file.path)
    assert.deepEqual(
      files.filter(path => !/^(dist\/.*\.(js|d\.ts)|package\.json|README\.md|LICENSE)$/.test(path)),
      [],
    )

    const modules = join(folder, 'node_modules')
    await mkdir(join(modules, '@rushes/client'), { recursive: true })
    const tarball = (await readdir(folder)).find(name => name.endsWith('.tgz')) ?? ''
    await run('tar', ['xzf', join(folder, tarball), '-C', join(modules, '@rushes/client'), '--strip-components=1'])
    for (const name of ['zod', 'socket.io-client', 'react', '@types'])
      await symlink(join(nodeModules, name), join(modules, name))
    await writeFile(join(folder, 'package.json'), '{"type": "module"}')
    await writeFile(join(folder, 'program.ts'), program)
    await writeFile(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: ['program.ts'] }))
    const checked = await run(join(nodeModules, '.bin/tsc'), ['-p', folder]).catch(fault => assert.fail(fault.stdout))
    assert.equal(checked.stdout, '')
    const ran = await run(process.execPath, ['out/program.js'], { cwd: folder })
    assert.equal(ran.stdout.trim(), '1:15 network')
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
})
