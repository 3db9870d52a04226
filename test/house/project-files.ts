import { readdirSync, readFileSync } from 'node:fs'
import { join, sep } from 'node:path'
import { fileURLToPath } from 'node:url'

/** Where the project lies. */
export const root = fileURLToPath(new URL('../..', import.meta.url))

export interface ProjectFile {
  /** From the root, with slashes. */
  path: string
  text: string
}

const notOurs = new Set(['node_modules', 'dist', '.git'])

/** Folders below `folder`, at any depth, from the root. */
export function foldersUnder(folder: string): string[] {
  const here = readdirSync(join(root, folder), { withFileTypes: true })
  const folders = here.filter(entry => entry.isDirectory() && !notOurs.has(entry.name))
  return folders.flatMap(({ name }) => [`${folder}/${name}`, ...foldersUnder(`${folder}/${name}`)])
}

/** The files of some folders whose names match, with what is in them. */
export function filesOf(folders: readonly string[], named: RegExp): ProjectFile[] {
  const all = folders.flatMap(folder => [folder, ...foldersUnder(folder)])
  return all.flatMap(folder => {
    const names = readdirSync(join(root, folder), { withFileTypes: true }).filter(
      entry => entry.isFile() && named.test(entry.name),
    )
    return names.map(({ name }) => readProjectFile(`${folder}/${name}`))
  })
}

/** One file by its path from the root. */
export const readProjectFile = (path: string): ProjectFile => ({
  path: path.split(sep).join('/'),
  text: readFileSync(join(root, path), 'utf8'),
})

/** `path:line` of every line that matches: what a failing rule shows. */
export const placesOf = (files: readonly ProjectFile[], pattern: RegExp): string[] =>
  files.flatMap(({ path, text }) =>
    text.split('\n').flatMap((line, index) => (pattern.test(line) ? [`${path}:${index + 1}`] : [])),
  )

export const code = /\.(ts|tsx|mts|cts|js|mjs|cjs)$/
