import fs from 'node:fs'
import type { postgresMod } from '@electric-sql/pglite'
import { NodeFS } from '@electric-sql/pglite/nodefs'

/** What is used here of Emscripten's file system for Node, which its types leave out. */
interface HostFileSystem {
  stream_ops: { fsync?: (stream: { nfd: number }) => number }
  /** Turns a fault of the host into the errno that PostgreSQL knows. */
  tryFSOperation(operation: () => void): void
}

/**
 * A folder of the host as PGlite sees it, with the one call that Emscripten left out: fsync. Everything else that a
 * power cut asks for is PostgreSQL's own doing: it syncs its log before it acknowledges a commit, the data files before
 * it writes that a checkpoint is done, and a folder after it renamed something in it.
 */
export function openHostFiles(directory: string): NodeFS {
  const files = new NodeFS(directory)
  const init = files.init.bind(files)
  files.init = async (database, given) => {
    const { emscriptenOpts } = await init(database, given)
    return { emscriptenOpts: { ...emscriptenOpts, preRun: [...(emscriptenOpts.preRun ?? []), giveSync] } }
  }
  return files
}

function giveSync({ FS }: postgresMod.PostgresMod): void {
  const host = (FS as unknown as { filesystems: { NODEFS: HostFileSystem } }).filesystems.NODEFS
  host.stream_ops.fsync = ({ nfd }) => {
    host.tryFSOperation(() => fs.fsyncSync(nfd))
    return 0
  }
}
