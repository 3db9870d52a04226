import { type ChildProcess, fork } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { PlannedFault, SeenRequest } from './s3rver-process.ts'

export interface S3Server extends AsyncDisposable {
  url: string
  bucket: string
  /** What a server is told to use it. */
  env: Record<string, string>
  /** Names of all objects, read from its disk. */
  objects(): Promise<string[]>
  /** Uploads in parts that nobody finished or aborted. */
  openUploads(): Promise<string[]>
  /** Begins an upload in parts of this object's name and goes away; makes one as old as that. */
  leaveParts(name: string): Promise<void>
  ageUpload(id: string, ageMs: number): Promise<void>
  fail(fault: PlannedFault): Promise<void>
  /** Requests since the last time. */
  seen(): Promise<SeenRequest[]>
  /** As a power cut does. */
  kill(): Promise<void>
  /** Again, at the same address, with what was stored. */
  start(): Promise<void>
  /** Neither answers nor hangs up, until `thaw`. */
  freeze(): void
  thaw(): void
}

const script = new URL('./s3rver-process.ts', import.meta.url).pathname
const bucket = 'rushes'
const objectEnd = '._S3rver_object'

/** A server that speaks S3, on any free port, with one empty bucket. */
export async function startS3Server(): Promise<S3Server> {
  const directory = await mkdtemp(join(tmpdir(), 's3-'))
  let running = await run(directory, 0)
  const url = `http://127.0.0.1:${running.port}`
  const ask = async <T>(message: object): Promise<T> => {
    running.child.send(message)
    const [answer] = await once(running.child, 'message')
    return answer as T
  }
  const kill = async () => {
    const { child } = running
    if (child.exitCode !== null || child.signalCode !== null) return
    child.kill('SIGKILL')
    await once(child, 'exit')
  }
  return {
    url,
    bucket,
    env: {
      ...{ S3_ENDPOINT: url, S3_BUCKET: bucket, S3_ACCESS_KEY_ID: 'S3RVER', S3_SECRET_ACCESS_KEY: 'S3RVER' },
    },
    async objects() {
      const files = await filesBelow(join(directory, bucket))
      return files
        .filter(name => name.endsWith(objectEnd))
        .map(name => name.slice(0, -objectEnd.length))
        .sort()
    },
    openUploads: () => readdir(join(directory, bucket, '._S3rver_uploads')).catch(() => []),
    async leaveParts(name) {
      const upload = join(directory, bucket, '._S3rver_uploads', randomUUID())
      await mkdir(upload, { recursive: true })
      await writeFile(join(upload, 'key'), name)
      await writeFile(join(upload, 'metadata'), '{}')
    },
    async ageUpload(id, ageMs) {
      const at = new Date(Date.now() - ageMs)
      await utimes(join(directory, bucket, '._S3rver_uploads', id, 'key'), at, at)
    },
    fail: fault => ask({ fault }),
    seen: async () => (await ask<{ seen: SeenRequest[] }>({ seen: true })).seen,
    kill,
    async start() {
      running = await run(directory, running.port)
    },
    freeze: () => void running.child.kill('SIGSTOP'),
    thaw: () => void running.child.kill('SIGCONT'),
    async [Symbol.asyncDispose]() {
      await kill()
      await rm(directory, { recursive: true, force: true })
    },
  }
}

async function run(directory: string, port: number): Promise<{ child: ChildProcess; port: number }> {
  const execArgv = ['--openssl-legacy-provider', '--disable-warning=DEP0106']
  const child = fork(script, [directory, String(port), bucket], { execArgv, stdio: 'inherit' })
  const [message] = await once(child, 'message')
  return { child, port: (message as { port: number }).port }
}

/** A folder that is removed while they are listed is no fault: they are listed again. */
async function filesBelow(directory: string): Promise<string[]> {
  try {
    return await readdir(directory, { recursive: true })
  } catch (fault) {
    if ((fault as NodeJS.ErrnoException).code !== 'ENOENT' || !existsSync(directory)) throw fault
    return filesBelow(directory)
  }
}
