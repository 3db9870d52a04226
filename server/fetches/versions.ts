import type { IncomingHttpHeaders } from 'node:http'
import { parse as parseDisposition } from 'content-disposition'
import { shownName } from '../intake/index.ts'
import type { Answer } from '../platform/outbound/index.ts'
import type { Version } from './part-file.ts'

/** Which version of which film an answer has. `otherwise` is its name when it says none. */
export function versionOf({ url, body: { statusCode, headers } }: Answer, otherwise: string): Version {
  const [, rangeTotal] = /^bytes [^/]*\/(\d+)$/.exec(headers['content-range'] ?? '') ?? []
  // With a whole film it means nothing (RFC 9110, 14.4).
  const total = statusCode === 206 ? rangeTotal : headers['content-length']
  return {
    validator: validatorIn(headers),
    totalBytes: total === undefined ? null : Number(total),
    filename: nameIn(headers['content-disposition']) ?? nameInPath(url) ?? otherwise,
  }
}

/**
 * "A client MUST NOT generate an If-Range header field containing an entity tag that is marked as weak", nor a date that
 * is no strong validator (RFC 9110, 13.1.5): one of less than a second before the answer (8.8.2.2).
 */
function validatorIn({ etag, date, ...headers }: IncomingHttpHeaders): string | null {
  if (etag !== undefined) return etag.startsWith('W/') ? null : etag
  const modified = headers['last-modified']
  const isStrong = modified !== undefined && Date.parse(date ?? '') - Date.parse(modified) >= 1000
  return isStrong ? modified : null
}

function nameIn(disposition: string | undefined): string | null {
  try {
    const { filename } = parseDisposition(disposition ?? '').parameters
    return filename ? shownName(filename) : null
  } catch {
    // Malformed, or there is none: the address has a name, too.
    return null
  }
}

/** The last part of its path; null when there is none. */
export function nameInPath({ pathname }: URL): string | null {
  const last = pathname.split('/').findLast(part => part !== '')
  if (last === undefined) return null
  try {
    return shownName(decodeURIComponent(last))
  } catch {
    // Whoever wrote it meant no UTF-8.
    return shownName(last)
  }
}
