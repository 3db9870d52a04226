import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chownSync, existsSync, globSync, readFileSync, statSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Client } from 'pg'
import { freePort } from './free-port.ts'
import { until } from './until.ts'

const programs = globSync('/usr/lib/postgresql/*/bin').sort().at(-1) ?? ''
const hasVectors = globSync('/usr/share/postgresql/*/extension/vector.control').length > 0

/** Why a test that restarts PostgreSQL can't run; false when it can. */
export const postgresIsMissing = programs && hasVectors ? false : 'PostgreSQL with pgvector is not installed'

export interface PostgresServer extends AsyncDisposable {
  url: string
  /** `fast` says goodbye to its connections, `immediate` cuts them, `killed` is kill -9 of its first process. */
  stop(how: 'fast' | 'immediate' | 'killed'): Promise<void>
  /** At the same address, with what was committed. Resolves when it takes connections. */
  start(): Promise<void>
  /** Neither answers nor hangs up, until `thaw`. */
  freeze(): void
  thaw(): void
  /** As an operator says it. */
  ask(sql: string): Promise<void>
}

const signals = { fast: 'SIGINT', immediate: 'SIGQUIT', killed: 'SIGKILL' } as const

/** A PostgreSQL of its own that may be stopped and started. It refuses to run as root, so root lends it another user. */
export async function startPostgresServer(): Promise<PostgresServer> {
  const folder = await mkdtemp(join(tmpdir(), 'postgres-'))
  const user = process.getuid?.() === 0 ? postgresUser() : null
  if (user) chownSync(folder, user.uid, user.gid)
  const data = join(folder, 'data')
  const made = ['-D', data, '--username=postgres', '--auth=trust', '--encoding=UTF8', '--locale=C.UTF-8', '--no-sync']
  execFileSync(join(programs, 'initdb'), made, { ...user, cwd: folder, stdio: 'pipe' })
  const port = await freePort()
  const url = `postgres://postgres@127.0.0.1:${port}/postgres`
  // Losing power is not what is tried here, so nothing waits for the disk.
  const settings = ['listen_addresses=127.0.0.1', 'fsync=off', 'max_connections=100'].flatMap(each => ['-c', each])
  const run = () =>
    spawn(join(programs, 'postgres'), ['-D', data, '-p', String(port), '-k', folder, ...settings], {
      ...{ ...user, cwd: folder, stdio: 'ignore' },
    })

  let child: ChildProcess = run()
  const ask = async (sql: string) => {
    const operator = new Client({ connectionString: url, connectionTimeoutMillis: 2_000 })
    operator.on('error', () => {})
    await operator.connect()
    await operator.query(sql).finally(() => operator.end())
  }
  const answers = () =>
    ask('select 1').then(
      () => true,
      () => false,
    )
  const hasEnded = () => child.exitCode !== null || child.signalCode !== null
  const start = async () => {
    await until('PostgreSQL takes connections', () => {
      // What a killed one left behind may still hold its memory: then the next one ends, and is started again.
      if (hasEnded()) child = run()
      return answers()
    })
  }
  const stop: PostgresServer['stop'] = async how => {
    if (hasEnded()) return
    const end = once(child, 'exit')
    child.kill(signals[how])
    await end
  }
  const signalAll = (signal: NodeJS.Signals) => {
    for (const pid of processesOf(child.pid ?? 0)) process.kill(pid, signal)
  }
  await start()
  return {
    ...{ url, stop, start, ask },
    freeze: () => signalAll('SIGSTOP'),
    thaw: () => signalAll('SIGCONT'),
    async [Symbol.asyncDispose]() {
      if (!hasEnded()) signalAll('SIGCONT')
      await stop('immediate')
      await rm(folder, { recursive: true, force: true, maxRetries: 5 })
    },
  }
}

/** The first process and its children; each of them is a process group of its own. */
function processesOf(pid: number): number[] {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim()
  return [pid, ...children.split(' ').filter(Boolean).map(Number)]
}

function postgresUser(): { uid: number; gid: number } {
  const home = '/var/lib/postgresql'
  if (!existsSync(home)) throw new Error('PostgreSQL has no user of its own here.')
  const { uid, gid } = statSync(home)
  return { uid, gid }
}
