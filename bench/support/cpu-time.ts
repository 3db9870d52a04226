import { readdir, readFile } from 'node:fs/promises'

/** The kernel's tick in /proc, on every Linux that Node runs on. */
const ticksPerSecond = 100

/**
 * Seconds of processor time that a process and its children have taken, user and kernel. Says what a request costs
 * even while the machine is busy with something else. Linux only: NaN elsewhere.
 */
export async function cpuSeconds(pid: number): Promise<number> {
  try {
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8')
    // The name may hold spaces and brackets; user and kernel time are the 12th and 13th fields behind it.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    const own = (Number(fields[11]) + Number(fields[12])) / ticksPerSecond
    const children = await Promise.all((await childrenOf(pid)).map(cpuSeconds))
    return children.reduce((sum, seconds) => sum + seconds, own)
  } catch {
    return Number.NaN // no /proc here, or the process is gone: the table says so
  }
}

async function childrenOf(pid: number): Promise<number[]> {
  const threads = await readdir(`/proc/${pid}/task`)
  const lists = await Promise.all(threads.map(thread => readFile(`/proc/${pid}/task/${thread}/children`, 'utf8')))
  return lists.flatMap(list => list.split(' ').filter(Boolean).map(Number))
}
