import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { chmod, lstat, mkdir, mkdtemp, rename, rm } from 'node:fs/promises'
import { createServer, type RequestListener } from 'node:http'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { basename, dirname, join, resolve } from 'node:path'
import { messageOf } from '../errors.ts'
import type { Log } from '../log.ts'

const name = 'rushes.sock'
const sharedPrefix = 'rushes-control-'
/** A socket's path may have 107 bytes at most (104 on some systems), and while it is made it lies a folder deeper. */
const longestDirectoryBytes = 80

/** Where the socket of a server with this data directory lies: in it, or where its path is short enough. */
export function controlSocketPath(dataDirectory: string): string {
  const directory = resolve(dataDirectory)
  if (Buffer.byteLength(directory) <= longestDirectoryBytes) return join(directory, name)
  const hash = createHash('sha256').update(directory).digest('hex').slice(0, 16)
  return join(tmpdir(), `${sharedPrefix}${hash}`, name)
}

/** Where everyone may make folders, another user may have made this one: throws, so that nobody trusts what lies in it. */
export async function checkControlFolder(path: string): Promise<void> {
  const folder = dirname(path)
  const found = basename(folder).startsWith(sharedPrefix) ? await lstat(folder).catch(() => null) : null
  if (!found || (found.isDirectory() && found.uid === process.getuid?.() && (found.mode & 0o077) === 0)) return
  throw new Error(`${folder} is not for this user alone (mode 0700): remove it, or set TMPDIR to another folder.`)
}

export interface ControlSocketOptions {
  path: string
  handle: RequestListener
  log: Log
}

/**
 * Answers who may read this file: the user that the server runs as. Where no socket can be made (some mounted file
 * systems), or another server holds it, there is none, which is no reason not to serve.
 */
export async function openControlSocket({
  path,
  handle,
  log,
}: ControlSocketOptions): Promise<{ stop(): Promise<void> }> {
  const none = { stop: async () => {} }
  const http = createServer(handle)
  try {
    await mkdir(dirname(path), { recursive: true, mode: 0o700 })
    await checkControlFolder(path)
    if (await isAnswered(path)) return none
    await listenAt(path, http)
  } catch (fault) {
    log.warn({ path, reason: messageOf(fault) }, 'no control socket: keys are managed over HTTP')
    http.close()
    return none
  }
  http.on('error', fault => log.warn({ reason: messageOf(fault) }, 'the control socket failed'))
  const mine = await inodeAt(path)
  return {
    async stop() {
      const closed = once(http, 'close')
      http.close()
      http.closeAllConnections()
      await closed
      if ((await inodeAt(path)) === mine) await rm(path, { force: true })
    },
  }
}

/**
 * Made where nobody else can reach it, shut, and only then put into its place: there is no time at which others could
 * open it, and what a killed server left there is replaced.
 */
async function listenAt(path: string, http: ReturnType<typeof createServer>): Promise<void> {
  const folder = await mkdtemp(join(dirname(path), '.control-'))
  try {
    const made = join(folder, 's')
    http.listen(made)
    await once(http, 'listening')
    await chmod(made, 0o600)
    await rename(made, path)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** False for what a killed server left. */
async function isAnswered(path: string): Promise<boolean> {
  const socket = connect(path)
  try {
    await once(socket, 'connect')
    return true
  } catch {
    // Nothing is there, or nobody listens.
    return false
  } finally {
    socket.destroy()
  }
}

const inodeAt = (path: string): Promise<number | null> =>
  lstat(path).then(
    ({ ino }) => ino,
    () => null,
  )
