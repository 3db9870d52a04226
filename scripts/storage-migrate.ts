import { mkdirSync, rmSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { type Config, configOfThisProcess, missingForS3 } from '../server/config.ts'
import { type OwnedBlobs, openStore } from '../server/open-storage.ts'
import { lockDirectory } from '../server/platform/db/directory-lock.ts'
import { AppError, messageOf, StartError } from '../server/platform/errors.ts'
import { type CommandLine, readCommandLine, usage } from './storage/command-line.ts'
import { countBlobs, countMissing, moveBlobs } from './storage/move-blobs.ts'
import { createProgress, sizeOf } from './storage/progress.ts'

// Moves all films between the disk and the object store, beside a server that runs. It needs no database.

/** What keeps it from beginning. */
function objection(asked: CommandLine, config: Config): string | null {
  const missing = missingForS3(config)
  if (missing.length > 0) return `${missing.join(', ')} ${missing.length === 1 ? 'is' : 'are'} not set.`
  if (asked.dryRun || asked.keep || config.STORAGE === asked.to) return null
  return `STORAGE is ${config.STORAGE}: the server would go on storing there, and not look for what was moved. Set STORAGE=${asked.to} and start it again first; or copy with --keep.`
}

/** Its local files lie apart from the server's: each sweeps its own. */
async function openStores(config: Config, aside: string): Promise<Record<CommandLine['to'], OwnedBlobs>> {
  const disk = await openStore('disk', config, { shared: true })
  const s3 = await openStore('s3', { ...config, DATA_DIR: aside }, { shared: false, cacheBytes: 0 })
  if (!disk || !s3) throw new StartError('The stores are not configured.')
  return { disk, s3 }
}

async function migrate(asked: CommandLine, stores: Record<CommandLine['to'], OwnedBlobs>): Promise<boolean> {
  const target = stores[asked.to]
  const source = stores[asked.to === 's3' ? 'disk' : 's3']
  const say = (about: Record<string, unknown>, sentence: string) =>
    console.log(asked.json ? JSON.stringify(about) : sentence)
  const [from, to] = await Promise.all([source.check(), target.check()])
  say({ type: 'begin', from, to }, `from  ${from}\nto    ${to}\n`)
  const total = await countBlobs(source)
  if (asked.dryRun) {
    const missing = await countMissing({ source, target })
    const sentence = `${total.files} files (${sizeOf(total.bytes)}) would be looked at, ${missing.files} of them (${sizeOf(missing.bytes)}) copied.`
    say({ type: 'plan', total, missing }, sentence)
    return true
  }
  const progress = createProgress(total, { out: process.stdout, json: asked.json })
  const conflicts: string[] = []
  await moveBlobs({
    ...{ source, target, keep: asked.keep, signal: interruption() },
    onBytes: progress.bytes,
    onFile(key, outcome) {
      progress.file(key, outcome)
      if (outcome === 'conflict') conflicts.push(key)
    },
  })
  const outcomes = progress.end()
  const kept = asked.keep ? 'Both places have them.' : 'They are in the new place alone.'
  say(
    { type: 'end', ...outcomes },
    `\n${outcomes.copied} files copied and read back, ${outcomes.there} were there already. ${kept}`,
  )
  for (const key of conflicts) console.error(`differs, and is newer in the new place; both are left: ${key}`)
  return conflicts.length === 0
}

function interruption(): AbortSignal {
  const told = new AbortController()
  for (const name of ['SIGINT', 'SIGTERM'] as const)
    process.once(name, () => told.abort(new StartError('\nStopped. Run it again to go on.')))
  return told.signal
}

async function main(asked: CommandLine): Promise<number> {
  const config = configOfThisProcess()
  const no = objection(asked, config)
  if (no) throw new StartError(no)
  const aside = resolve(join(config.DATA_DIR, 'moving'))
  mkdirSync(aside, { recursive: true })
  const lock = lockDirectory(aside)
  const stores = await openStores(config, aside)
  try {
    return (await migrate(asked, stores)) ? 0 : 1
  } finally {
    await Promise.all([stores.disk.stop(), stores.s3.stop()])
    lock.release()
    rmSync(aside, { recursive: true, force: true })
  }
}

const asked = readCommandLine(process.argv.slice(2))
if (asked === 'help') {
  console.log(usage)
} else if ('fault' in asked) {
  console.error(`${asked.fault}\n\n${usage}`)
  process.exitCode = 2
} else {
  try {
    process.exitCode = await main(asked)
  } catch (fault) {
    if (fault instanceof AppError) console.error(`\n${fault.message}\nNothing is lost: run it again to go on.`)
    else console.error(fault instanceof StartError ? messageOf(fault) : fault)
    process.exitCode = 1
  }
}
