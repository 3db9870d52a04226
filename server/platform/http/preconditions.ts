import type { IncomingHttpHeaders } from 'node:http'
import { parseHttpDate } from './http-date.ts'

/** What is there to be sent, and how it is told from what was there before. */
export interface Representation {
  sizeBytes: number
  /** A strong entity tag with its quotes. */
  etag: string
  modifiedAt: Date
}

/** The next tag of a list, whose elements may be empty (RFC 9110, 5.6.1.2). Each try begins where the last ended: linear. */
const nextTag = /[ \t,]*((?:W\/)?"[\x21\x23-\x7e\x80-\xff]*")[ \t]*(?:,|$)/y

/** RFC 9110, 13.2.2, the order in which preconditions are looked at. Null: none speaks against sending. GET and HEAD only. */
export function failedPrecondition(headers: IncomingHttpHeaders, now: Representation): 304 | 412 | null {
  const ifMatch = headers['if-match']
  const ifNoneMatch = headers['if-none-match']
  // Steps 1 and 2: a recipient "MUST ignore If-Unmodified-Since if the request contains an If-Match" (13.1.4).
  if (ifMatch !== undefined) {
    if (!hasTag(ifMatch, tag => tag === now.etag)) return 412
  } else if (isAfter(now.modifiedAt, headers['if-unmodified-since'])) return 412
  // Steps 3 and 4: a recipient "MUST ignore If-Modified-Since if the request contains an If-None-Match" (13.1.3).
  if (ifNoneMatch !== undefined) return hasTag(ifNoneMatch, tag => opaque(tag) === opaque(now.etag)) ? 304 : null
  const since = headers['if-modified-since']
  return since !== undefined && parseHttpDate(since) !== null && !isAfter(now.modifiedAt, since) ? 304 : null
}

/** RFC 9110, 13.1.5: may the rest of what the client has be sent, or has it something else? */
export function holdsIfRange(ifRange: string | string[] | undefined, now: Representation): boolean {
  if (ifRange === undefined) return true
  if (typeof ifRange !== 'string') return false
  // "exactly matches the ETag field value [...] using the strong comparison function": a weak tag never does.
  if (ifRange.startsWith('"') || ifRange.startsWith('W/')) return ifRange === now.etag
  // "exactly matches the Last-Modified field value": an earlier date is no match, and neither is a later one. The date
  // is a strong validator here (8.8.2.2): no blob is replaced twice in a second.
  return parseHttpDate(ifRange) === wholeSeconds(now.modifiedAt)
}

/** `*` stands for whatever is there. What follows something that is no tag is not looked at. */
function hasTag(list: string, matches: (tag: string) => boolean): boolean {
  if (list.trim() === '*') return true
  const pattern = new RegExp(nextTag)
  for (let found = pattern.exec(list); found?.[1]; found = pattern.exec(list)) if (matches(found[1])) return true
  return false
}

/** The weak comparison is that of the tags without their mark (RFC 9110, 8.8.3.2). */
const opaque = (tag: string) => tag.replace(/^W\//, '')

/** A field that is not a date is to be ignored (13.1.3, 13.1.4): nothing is after it. */
function isAfter(modifiedAt: Date, date: string | undefined): boolean {
  const given = date === undefined ? null : parseHttpDate(date)
  return given !== null && wholeSeconds(modifiedAt) > given
}

/** HTTP's dates know no fractions. */
const wholeSeconds = (date: Date) => Math.floor(date.getTime() / 1000) * 1000
