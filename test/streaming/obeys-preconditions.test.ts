/**
 * RFC 9110, section 13: a row for each rule that is obeyed, with the rule's own phrase. One is not: a 206 to an If-Range
 * "SHOULD NOT generate other representation header fields" (15.3.7), but players look for the Content-Type each time.
 */
import assert from 'node:assert/strict'
import { after, describe, test } from 'node:test'
import { runInNewContext } from 'node:vm'
import { failedPrecondition } from '../../server/platform/http/preconditions.ts'
import { ask, etag, startFilmApp } from './film-app.ts'

const film = Buffer.from('0123456789')
const app = await startFilmApp(film)
after(() => app[Symbol.asyncDispose]())

const modified = app.modifiedAt.toUTCString()
const earlier = new Date(app.modifiedAt.getTime() - 3_600_000).toUTCString()
const later = new Date(app.modifiedAt.getTime() + 3_600_000).toUTCString()
/** The two older forms of dates. */
const asctime = modified.replace(/^(...), (\d\d) (...) (\d{4}) (.*) GMT$/, (_, day, date, month, year, time) => {
  return `${day} ${month} ${String(Number(date)).padStart(2)} ${time} ${year}`
})
const rfc850 = modified.replace(/^..., (\d\d) (...) \d\d(\d\d) (.*)$/, 'Someday, $1-$2-$3 $4')

interface Row {
  promise: string
  headers: Record<string, string>
  status: number
  method?: string
}
const range = 'bytes=2-4'

const rows: Row[] = [
  // 13.1.1: "the condition is true if any of the listed tags match"
  { promise: 'If-Match with our tag passes', headers: { 'if-match': etag }, status: 200 },
  {
    promise: 'If-Match with our tag among others passes',
    headers: { 'if-match': `"a,b", ,W/"c" , ${etag}` },
    status: 200,
  },
  { promise: 'If-Match with another tag fails', headers: { 'if-match': '"other"' }, status: 412 },
  { promise: 'If-Match that is no tag fails', headers: { 'if-match': 'film-1' }, status: 412 },
  { promise: 'a tag inside another is not found', headers: { 'if-match': '"a, "film-1" b"' }, status: 412 },
  // 13.1.1: "If the field value is '*', the condition is true if the origin server has a current representation"
  { promise: 'If-Match with a star passes', headers: { 'if-match': '*' }, status: 200 },
  // 13.1.1: "MUST use the strong comparison function when comparing entity tags for If-Match"
  { promise: 'If-Match with our tag made weak fails', headers: { 'if-match': `W/${etag}` }, status: 412 },
  // 13.1.2: "MUST use the weak comparison function when comparing entity tags for If-None-Match"
  { promise: 'If-None-Match with our tag is not modified', headers: { 'if-none-match': etag }, status: 304 },
  {
    promise: 'If-None-Match with our tag made weak is not modified',
    headers: { 'if-none-match': `"x", W/${etag}` },
    status: 304,
  },
  { promise: 'If-None-Match with another tag sends', headers: { 'if-none-match': '"other"' }, status: 200 },
  { promise: 'If-None-Match with a star is not modified', headers: { 'if-none-match': '*' }, status: 304 },
  { promise: 'a HEAD may be not modified', method: 'HEAD', headers: { 'if-none-match': etag }, status: 304 },
  // 13.1.3: "If the selected representation's last modification date is earlier or equal to the date provided [...] the condition is false"
  { promise: 'If-Modified-Since our date is not modified', headers: { 'if-modified-since': modified }, status: 304 },
  { promise: 'If-Modified-Since a later date is not modified', headers: { 'if-modified-since': later }, status: 304 },
  { promise: 'If-Modified-Since an earlier date sends', headers: { 'if-modified-since': earlier }, status: 200 },
  // 13.1.3: "MUST ignore the If-Modified-Since header field if the received field value is not a valid HTTP-date"
  { promise: 'If-Modified-Since no date is ignored', headers: { 'if-modified-since': 'yesterday' }, status: 200 },
  {
    promise: 'a date that there never was is no date',
    headers: { 'if-modified-since': 'Mon, 31 Feb 2050 10:00:00 GMT' },
    status: 200,
  },
  // 5.6.7: "MUST accept all three HTTP-date formats"
  { promise: 'asctime is a date', headers: { 'if-modified-since': asctime }, status: 304 },
  { promise: 'the date of RFC 850 is a date', headers: { 'if-modified-since': rfc850 }, status: 304 },
  // 13.1.3: "MUST ignore If-Modified-Since if the request contains an If-None-Match header field"
  {
    promise: 'a tag outweighs a date',
    headers: { 'if-none-match': '"other"', 'if-modified-since': later },
    status: 200,
  },
  // 13.1.4: "earlier or equal to the date provided, the condition is true"
  { promise: 'If-Unmodified-Since our date passes', headers: { 'if-unmodified-since': modified }, status: 200 },
  { promise: 'If-Unmodified-Since an earlier date fails', headers: { 'if-unmodified-since': earlier }, status: 412 },
  { promise: 'If-Unmodified-Since no date is ignored', headers: { 'if-unmodified-since': '1' }, status: 200 },
  // 13.1.4: "MUST ignore If-Unmodified-Since if the request contains an If-Match header field"
  {
    promise: 'If-Match outweighs If-Unmodified-Since',
    headers: { 'if-match': etag, 'if-unmodified-since': earlier },
    status: 200,
  },
  // 13.2.2: "MUST evaluate the request preconditions [...] in the following order"
  {
    promise: 'what fails comes before what is not modified',
    headers: { 'if-match': '"other"', 'if-none-match': etag },
    status: 412,
  },
  {
    promise: 'what is not modified comes before ranges',
    headers: { 'if-none-match': etag, range: 'bytes=99-' },
    status: 304,
  },
  { promise: 'what fails comes before ranges', headers: { 'if-match': '"other"', range: 'bytes=99-' }, status: 412 },
  // 13.1.5: "exactly matches the ETag field value [...] using the strong comparison function"
  { promise: 'If-Range with our tag sends the range', headers: { range, 'if-range': etag }, status: 206 },
  { promise: 'If-Range with another tag sends everything', headers: { range, 'if-range': '"other"' }, status: 200 },
  {
    promise: 'If-Range with our tag made weak sends everything',
    headers: { range, 'if-range': `W/${etag}` },
    status: 200,
  },
  // 13.1.5: "exactly matches the Last-Modified field value"
  { promise: 'If-Range with our date sends the range', headers: { range, 'if-range': modified }, status: 206 },
  { promise: 'If-Range with a later date sends everything', headers: { range, 'if-range': later }, status: 200 },
  { promise: 'If-Range with an earlier date sends everything', headers: { range, 'if-range': earlier }, status: 200 },
  { promise: 'If-Range with neither sends everything', headers: { range, 'if-range': 'film-1' }, status: 200 },
  // 13.1.5: "MUST ignore an If-Range header field received in a request that does not contain a Range header field"
  { promise: 'If-Range without a range is ignored', headers: { 'if-range': '"other"' }, status: 200 },
  // 13.1.5: "MUST ignore the Range header field if the If-Range condition evaluates to false"
  {
    promise: 'If-Range that fails hides a range that is not there',
    headers: { range: 'bytes=99-', 'if-range': '"other"' },
    status: 200,
  },
]

describe('preconditions', () => {
  for (const { promise, headers, status, method } of rows) {
    test(promise, async () => {
      const answer = await ask(app.url, { headers, ...(method ? { method } : {}) })
      assert.equal(answer.status, status)
      // 15.4.5 and 15.3.7: "MUST generate [...] ETag" wherever a 200 would have it.
      assert.equal(answer.headers.etag, etag)
      assert.equal(answer.headers['cache-control'], 'private, no-cache')
      if (status === 304) assert.equal(answer.body.length, 0)
      if (status === 304) assert.equal(answer.headers['content-length'], undefined)
      if (status === 206) assert.equal(answer.body.toString(), '234')
      if (status === 200) assert.equal(answer.headers['last-modified'], modified)
      if (status === 412) assert.equal(JSON.parse(answer.body.toString()).error.code, 'request.precondition_failed')
    })
  }
})

test('a hostile list of tags costs no time', async () => {
  assert.equal((await ask(app.url, { headers: { 'if-none-match': `${' ,'.repeat(7000)}x` } })).status, 200)
  // Far longer than a request may be: read in one go it takes milliseconds, read again from each place minutes.
  const headers = { 'if-none-match': `${' ,'.repeat(500_000)}x` }
  const look = () => failedPrecondition(headers, { sizeBytes: 10, etag, modifiedAt: app.modifiedAt })
  assert.equal(runInNewContext('look()', { look }, { timeout: 20_000 }), null)
})
