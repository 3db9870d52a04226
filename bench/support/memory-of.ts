import { readFile } from 'node:fs/promises'

export interface TakenMemory {
  residentMiB: number
  /** The same, with what several processes share counted to each by its part. */
  proportionalMiB: number
}

/** What a process has taken from the machine, as Linux counts it. */
export async function memoryOf(pid: number): Promise<TakenMemory> {
  const text = await readFile(`/proc/${pid}/smaps_rollup`, 'utf8')
  const mebibytes = (name: string) => Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(text)?.[1]) / 1024
  return { residentMiB: mebibytes('Rss'), proportionalMiB: mebibytes('Pss') }
}
