import { readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'

export const memoryFileOf = (pid: number): string => join(tmpdir(), `rushes-bench-memory-${pid}.json`)

export interface HeldMemory {
  /** What the process has of the machine. */
  residentKiB: number
  /** What its objects and buffers take, without garbage. */
  heldKiB: number
}

/** Of a server that was started with `collect-on-signal.ts`: after its garbage was collected, three times. */
export async function heldMemory(pid: number): Promise<HeldMemory> {
  for (let times = 0; times < 3; times++) {
    process.kill(pid, 'SIGUSR2')
    await delay(700)
  }
  const file = memoryFileOf(pid)
  const { rss, heapUsed, external } = JSON.parse(await readFile(file, 'utf8')) as NodeJS.MemoryUsage
  await rm(file)
  return { residentKiB: rss / 1024, heldKiB: (heapUsed + external) / 1024 }
}
