import { cutText } from '../../platform/text.ts'
import type { Progress } from './orders.ts'

const longestComplaint = 300
const stats = /^(?:frame|size)=/
const number = (text: string | undefined): number => Number(text ?? 0)

/** Reads one of ffmpeg's status lines (`frame= 12 ... time=00:00:01.25 ...`); null for any other line. */
export function progressOf(line: string): Progress | null {
  if (!stats.test(line)) return null
  const time = /time=(\d+):(\d+):(\d+\.?\d*)/.exec(line)
  const seconds = number(time?.[1]) * 3600 + number(time?.[2]) * 60 + number(time?.[3])
  return { seconds, frames: number(/frame=\s*(\d+)/.exec(line)?.[1]) }
}

const saysNothing = /^(?:Conversion failed!?|Last message repeated \d+ times)?$/
const says = (line: string): boolean => !saysNothing.test(line) && !stats.test(line)

/** The last line that says what was wrong, without our paths and ffmpeg's addresses. It is shown to people. */
export function complaintOf(stderr: string, paths: readonly string[]): string | null {
  const last = stderr
    .split(/[\r\n]+/)
    .map(line => line.trim())
    .findLast(says)
  if (last === undefined) return null
  const bare = paths.reduce(
    (line, path) => line.replaceAll(`file:${path}`, 'the file').replaceAll(path, 'the file'),
    last,
  )
  return cutText(bare.replace(/^\[[^\]]*@ 0x[0-9a-f]+\]\s*/, ''), longestComplaint)
}
