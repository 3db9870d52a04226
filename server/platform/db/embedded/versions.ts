import fs from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import packageJson from '../../../../package.json' with { type: 'json' }
import { StartError } from '../../errors.ts'
import { syncPath } from './sync-folder.ts'

/** What a database was last opened by. It lies in its folder, so that copies of the folder know it too. */
export interface Versions {
  rushes: string
  pglite: string
  /** When the newest migration that it has was written. */
  schema: number
  /** When the folder was first opened by one that notes this. */
  since: string
}

const journal = fileURLToPath(new URL('../../../../drizzle/meta/_journal.json', import.meta.url))
const fileOf = (directory: string) => join(directory, 'rushes.json')

export function ourVersions(): Omit<Versions, 'since'> {
  const { entries } = JSON.parse(fs.readFileSync(journal, 'utf8')) as { entries: { when: number }[] }
  return {
    rushes: packageJson.version,
    pglite: packageJson.dependencies['@electric-sql/pglite'],
    schema: entries.at(-1)?.when ?? 0,
  }
}

/** Null for a folder that no version noted anything in, or when that can't be read. */
export function versionsOf(directory: string): Versions | null {
  try {
    return JSON.parse(fs.readFileSync(fileOf(directory), 'utf8')) as Versions
  } catch {
    // A note about the database, and not a part of it: without one it is taken for an older version's.
    return null
  }
}

/** Throws a `StartError` for a database that has more in it than we know of. */
export function refuseNewer(directory: string, ours = ourVersions()): void {
  const theirs = versionsOf(directory)
  if (theirs && theirs.schema > ours.schema)
    throw new StartError(
      `The database in ${directory} was last opened by a newer Rushes (${theirs.rushes}; this is ${ours.rushes}).`,
    )
}

export const isUpgrade = (theirs: Versions | null, ours = ourVersions()): boolean =>
  theirs?.rushes !== ours.rushes || theirs.pglite !== ours.pglite || theirs.schema !== ours.schema

/** Notes that the database is ours now. */
export async function noteVersions(directory: string): Promise<void> {
  const theirs = versionsOf(directory)
  if (!isUpgrade(theirs)) return
  const path = fileOf(directory)
  const versions: Versions = { ...ourVersions(), since: theirs?.since ?? new Date().toISOString() }
  fs.writeFileSync(`${path}.new`, `${JSON.stringify(versions)}\n`)
  await syncPath(`${path}.new`)
  fs.renameSync(`${path}.new`, path)
  await syncPath(dirname(path))
}
