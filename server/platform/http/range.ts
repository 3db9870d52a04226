import type { IncomingHttpHeaders } from 'node:http'
import { failedPrecondition, holdsIfRange, type Representation } from './preconditions.ts'

/** Bytes from `start` to `end`, both inclusive. */
export interface ByteRange {
  start: number
  end: number
}
export type RangeDecision = { status: 200 | 304 | 412 | 416 } | { status: 206; ranges: [ByteRange, ...ByteRange[]] }

/** More than any player asks for at once (PDF readers ask for a few dozen). */
const maxRanges = 64

/** What to answer a GET or a HEAD with, by RFC 9110, sections 13 and 14. */
export function decideRange(method: string, headers: IncomingHttpHeaders, now: Representation): RangeDecision {
  const failed = failedPrecondition(headers, now)
  if (failed) return { status: failed }
  // "A server MUST ignore a Range header field received with a request method [...] for which range handling is not
  // defined. For this specification, GET is the only method" (14.2): a HEAD is answered as if it had none.
  if (method !== 'GET' || headers.range === undefined || !holdsIfRange(headers['if-range'], now)) return { status: 200 }
  return decideRanges(headers.range, now.sizeBytes)
}

function decideRanges(field: string, sizeBytes: number): RangeDecision {
  const asked = parseRanges(field)
  // "A server that supports range requests MAY ignore [...] a Range header field that contains an invalid
  // ranges-specifier", and MUST ignore one with "a range unit it does not understand" (14.2).
  if (!asked) return { status: 200 }
  if (asked.length > maxRanges) return { status: 416 }
  // Of nothing, the last bytes are all of it: satisfiable (14.1.2), but no Content-Range can say so.
  if (sizeBytes === 0 && asked.some(spec => 'suffix' in spec && spec.suffix > 0)) return { status: 200 }
  const there = asked.flatMap(spec => withinSize(spec, sizeBytes))
  // "a server MAY [...] reject a Range header field that contains [...] more than two overlapping ranges": 416 is for
  // "an excessive request of small or overlapping ranges" (15.5.17).
  if (overlaps(there) > 1) return { status: 416 }
  const [first, ...rest] = coalesce(there)
  return first ? { status: 206, ranges: [first, ...rest] } : { status: 416 }
}

/** As asked for; an open end is Infinity. */
type RangeSpec = ByteRange | { suffix: number }

/** Null when it is not a valid set of `bytes`. */
function parseRanges(field: string): RangeSpec[] | null {
  // "Range unit names are case-insensitive" (14.1); lists may have empty elements (5.6.1.2).
  const set = /^bytes=(.*)$/i.exec(field)?.[1] ?? ''
  const listed = set.split(',').map(spec => spec.trim())
  const specs = listed.filter(spec => spec !== '').map(parseSpec)
  return specs.length > 0 && specs.every(spec => spec !== null) ? specs : null
}

function parseSpec(spec: string): RangeSpec | null {
  const [, first, last] = /^(\d*)-(\d*)$/.exec(spec) ?? []
  if (first === undefined || last === undefined || (first === '' && last === '')) return null
  if (first === '') return { suffix: Number(last) }
  const range = { start: Number(first), end: last === '' ? Infinity : Number(last) }
  // "An int-range is invalid if the last-pos value is present and less than first-pos" (14.1.1).
  return range.end < range.start ? null : range
}

/** The bytes of it that there are, if any. */
function withinSize(spec: RangeSpec, sizeBytes: number): ByteRange[] {
  // "If the selected representation is shorter than the specified suffix-length, the entire representation is used."
  const { start, end } = 'suffix' in spec ? { start: Math.max(0, sizeBytes - spec.suffix), end: Infinity } : spec
  return start < sizeBytes ? [{ start, end: Math.min(end, sizeBytes - 1) }] : []
}

/** How many of them begin inside another. */
function overlaps(ranges: ByteRange[]): number {
  let reached = -1
  let count = 0
  for (const { start, end } of ranges.toSorted((a, b) => a.start - b.start)) {
    if (start <= reached) count += 1
    reached = Math.max(reached, end)
  }
  return count
}

/**
 * "a server MAY coalesce any of the ranges that overlap" (15.3.7.2), and those that touch; parts come in the order of the
 * request. Near ones are sent as asked, though one part would be shorter: callers count their parts.
 */
function coalesce(ranges: ByteRange[]): ByteRange[] {
  let merged: ByteRange[] = []
  for (const range of ranges) {
    const near = merged.filter(other => touches(other, range))
    const joined = [range, ...near]
    const place = near[0] ? merged.indexOf(near[0]) : merged.length
    merged[place] = {
      start: Math.min(...joined.map(({ start }) => start)),
      end: Math.max(...joined.map(({ end }) => end)),
    }
    merged = merged.filter(other => !near.includes(other))
  }
  return merged
}

const touches = (a: ByteRange, b: ByteRange) => a.start <= b.end + 1 && b.start <= a.end + 1
