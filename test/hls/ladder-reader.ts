import { execFileSync } from 'node:child_process'

export interface Segment {
  seconds: number
  offset: number
  bytes: number
  uri: string
}

/** A media playlist, read by the letter: what it must not hold is a fault. */
export function readMedia(text: string) {
  const lines = linesOf(text)
  const target = Number(tag(lines, 'EXT-X-TARGETDURATION'))
  const map = /^URI="([^"]+)",BYTERANGE="(\d+)@(\d+)"$/.exec(tag(lines, 'EXT-X-MAP'))
  if (!map) throw new Error('no EXT-X-MAP')
  const segments: Segment[] = []
  lines.forEach((line, at) => {
    const [, seconds] = /^#EXTINF:([\d.]+),$/.exec(line) ?? []
    if (seconds === undefined) return
    const [, bytes, offset] = /^#EXT-X-BYTERANGE:(\d+)@(\d+)$/.exec(lines[at + 1] ?? '') ?? []
    segments.push({ seconds: Number(seconds), bytes: Number(bytes), offset: Number(offset), uri: lines[at + 2] ?? '' })
  })
  return { lines, target, init: { uri: map[1] ?? '', bytes: Number(map[2]), offset: Number(map[3]) }, segments }
}

export function linesOf(text: string): string[] {
  if (!text.endsWith('\n') || text.includes('\r') || text.startsWith('\uFEFF')) throw new Error('not lines of UTF-8')
  return text.slice(0, -1).split('\n')
}

export function tag(lines: readonly string[], name: string): string {
  const found = lines.filter(line => line === `#${name}` || line.startsWith(`#${name}:`))
  if (found.length !== 1) throw new Error(`${name} is there ${found.length} times`)
  return (found[0] ?? '').slice(name.length + 2)
}

/** NAME=value and NAME="value", in order. */
export function attributes(list: string): Record<string, string> {
  const found: Record<string, string> = {}
  const pattern = /([A-Z0-9-]+)=("[^"\r\n]*"|[^",\s]+)(?:,|$)/gy
  let end = 0
  for (const [all, name = '', value = ''] of list.matchAll(pattern)) {
    if (name in found) throw new Error(`${name} is there twice`)
    found[name] = value.replaceAll('"', '')
    end += all.length
  }
  if (end !== list.length) throw new Error(`not an attribute list: ${list}`)
  return found
}

/** The variants of a master playlist, each with its address. */
export const variantsOf = (lines: readonly string[]) =>
  lines.flatMap((line, at) =>
    line.startsWith('#EXT-X-STREAM-INF:')
      ? [{ uri: lines[at + 1] ?? '', ...attributes(line.slice('#EXT-X-STREAM-INF:'.length)) } as Record<string, string>]
      : [],
  )

/** What ffprobe says of a stream or of its packets. */
export function ffprobe(path: string, entries: string, ...more: string[]): Record<string, string>[] {
  const text = execFileSync('ffprobe', ['-v', 'error', ...more, '-show_entries', entries, '-of', 'json', path], {
    encoding: 'utf8',
    maxBuffer: 1 << 26,
  })
  const { streams, packets } = JSON.parse(text)
  return packets ?? streams
}
