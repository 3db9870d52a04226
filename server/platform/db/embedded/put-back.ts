import fs from 'node:fs'
import { join } from 'node:path'
import { syncPath } from './sync-folder.ts'

/** A database that was put back to a snapshot knows nothing of what came since. Somebody has to reckon with that, once. */
export interface PutBack {
  is(): boolean
  /** To be called when it was reckoned with. */
  end(): Promise<void>
}

/** It lies in the database's folder, so that it comes to its place with it. */
const markOf = (directory: string) => join(directory, 'rushes.put-back')

export const markPutBack = (directory: string): void => fs.writeFileSync(markOf(directory), '')

export const putBackOf = (directory: string): PutBack => ({
  is: () => fs.existsSync(markOf(directory)),
  async end() {
    fs.rmSync(markOf(directory), { force: true })
    await syncPath(directory)
  },
})
