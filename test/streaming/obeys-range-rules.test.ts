/** RFC 9110, section 14: a row for each rule that is obeyed, with the rule's own phrase. */
import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { after, describe, test } from 'node:test'
import { ask, partsOf, startFilmApp } from './film-app.ts'

const size = 3_000_000
const film = randomBytes(size)
const app = await startFilmApp(film)
after(() => app[Symbol.asyncDispose]())

/** `whole`: 200 with everything; `none`: 416; a pair: 206 with these bytes; several pairs: 206 in parts. */
type Expected = 'whole' | 'none' | [number, number] | [number, number][]
interface Row {
  promise: string
  range: string
  expected: Expected
  method?: string
}

const rows: Row[] = [
  // 14.1.2: "the byte positions specified are inclusive"
  { promise: 'a range gives its bytes, both ends included', range: 'bytes=0-499', expected: [0, 499] },
  { promise: 'a second range goes on where the first ended', range: 'bytes=500-999', expected: [500, 999] },
  { promise: 'one byte is a range', range: 'bytes=7-7', expected: [7, 7] },
  // 14.1.2: "If the last-pos value is absent [...] the byte range is interpreted as the remainder of the representation"
  { promise: 'an open range goes to the end', range: 'bytes=2999000-', expected: [2_999_000, size - 1] },
  { promise: 'an open range from 0 is everything, and still a range', range: 'bytes=0-', expected: [0, size - 1] },
  // 14.1.2: "greater than or equal to the current length": the same
  { promise: 'an end behind the end is cut', range: 'bytes=2999999-99999999', expected: [size - 1, size - 1] },
  { promise: 'numbers beyond counting are no fault', range: `bytes=0-${'9'.repeat(400)}`, expected: [0, size - 1] },
  // 14.1.2: "the last N bytes"
  { promise: 'a suffix range gives the last bytes', range: 'bytes=-500', expected: [size - 500, size - 1] },
  // 14.1.2: "If the selected representation is shorter than the specified suffix-length, the entire representation is used"
  { promise: 'a suffix longer than the film is the film', range: 'bytes=-99999999', expected: [0, size - 1] },
  // 14.1: "Range unit names are case-insensitive"
  { promise: 'the unit may be written large', range: 'BYTES=0-0', expected: [0, 0] },
  // 14.2: "MUST ignore a Range header field that contains a range unit it does not understand"
  { promise: 'another unit is ignored', range: 'seconds=0-10', expected: 'whole' },
  // 14.1.1: "An int-range is invalid if the last-pos value is present and less than first-pos"
  // 14.2: "MAY ignore or reject a Range header field that contains an invalid ranges-specifier"
  { promise: 'a range that ends before it begins is ignored', range: 'bytes=10-9', expected: 'whole' },
  { promise: 'one invalid range spoils the set', range: 'bytes=0-1,10-9', expected: 'whole' },
  { promise: 'a range that is none is ignored', range: 'bytes=a-b', expected: 'whole' },
  { promise: 'a dash alone is ignored', range: 'bytes=-', expected: 'whole' },
  { promise: 'no ranges at all are ignored', range: 'bytes=', expected: 'whole' },
  { promise: 'a minus is no digit', range: 'bytes=--5', expected: 'whole' },
  { promise: 'spaces inside a range are ignored', range: 'bytes=0 - 5', expected: 'whole' },
  // 15.5.17: "the first-pos of all of the range-spec values were greater than the current length"
  { promise: 'a range behind the end is not there', range: 'bytes=3000000-', expected: 'none' },
  { promise: 'a set wholly behind the end is not there', range: 'bytes=3000000-3000001,4000000-', expected: 'none' },
  // 14.1.2: satisfiable is "a suffix-range with a non-zero suffix-length"
  { promise: 'the last 0 bytes are not there', range: 'bytes=-0', expected: 'none' },
  // 14.2: "GET is the only method for which range handling is defined"
  { promise: 'a HEAD is answered as if it had no range', range: 'bytes=0-0', method: 'HEAD', expected: 'whole' },
  // 15.3.7.2: "MUST generate 'multipart/byteranges' content"
  {
    promise: 'several ranges come in parts',
    range: 'bytes=0-9,1000-1009,-10',
    expected: [
      [0, 9],
      [1000, 1009],
      [size - 10, size - 1],
    ],
  },
  // 15.3.7.2: "SHOULD send the parts in the same order that the corresponding range-spec appeared"
  {
    promise: 'parts keep the order of the request',
    range: 'bytes=5000-5009,0-9',
    expected: [
      [5000, 5009],
      [0, 9],
    ],
  },
  {
    promise: 'empty elements of the list are skipped',
    range: 'bytes= ,0-9, ,1000-1009,',
    expected: [
      [0, 9],
      [1000, 1009],
    ],
  },
  {
    promise: 'parts longer than a buffer are whole',
    range: 'bytes=1-1400000,1500000-2999998',
    expected: [
      [1, 1_400_000],
      [1_500_000, 2_999_998],
    ],
  },
  // 15.3.7.2: "MUST NOT generate a multipart response to a request for a single range" / one that is left may go alone
  { promise: 'the only range of a set that is there comes alone', range: 'bytes=0-9,9000000-', expected: [0, 9] },
  // 15.3.7.2: "MAY coalesce any of the ranges that overlap"
  { promise: 'two that overlap become one', range: 'bytes=0-99,50-149', expected: [0, 149] },
  // 15.3.7.2: "MAY coalesce [...]": where nothing lies between them.
  { promise: 'neighbours become one', range: 'bytes=0-99,100-199', expected: [0, 199] },
  // 15.3.7.2: "regardless of the order in which the corresponding range-spec appeared"
  {
    promise: 'one that bridges two joins them',
    range: 'bytes=200-299,9000-9009,0-99,100-199',
    expected: [
      [0, 299],
      [9000, 9009],
    ],
  },
  // 14.2: "MAY ignore or reject [...] a ranges-specifier with more than two overlapping ranges"
  { promise: 'more than two overlapping ranges are refused', range: 'bytes=0-,0-,0-', expected: 'none' },
  // 15.5.17: "an excessive request of small or overlapping ranges"
  {
    promise: 'hundreds of small ranges are refused',
    range: `bytes=${Array.from({ length: 300 }, (_, at) => `${at * 1000}-${at * 1000}`)}`,
    expected: 'none',
  },
]

describe('ranges', () => {
  for (const { promise, range, expected, method = 'GET' } of rows) {
    test(`${promise}: ${range.slice(0, 60)}`, async () => {
      const answer = await ask(app.url, { method, headers: { range } })
      assert.equal(answer.headers['accept-ranges'], 'bytes')
      if (expected === 'whole') {
        assert.equal(answer.status, 200)
        assert.equal(answer.headers['content-range'], undefined)
        assert.equal(answer.headers['content-length'], String(size))
        return assert.ok(answer.body.equals(method === 'HEAD' ? Buffer.alloc(0) : film))
      }
      if (expected === 'none') {
        // 15.5.17: "SHOULD generate a Content-Range header field specifying the current length"
        assert.equal(answer.status, 416)
        assert.equal(answer.headers['content-range'], `bytes */${size}`)
        return assert.equal(JSON.parse(answer.body.toString()).error.code, 'request.range_not_satisfiable')
      }
      assert.equal(answer.status, 206)
      assert.equal(answer.headers['content-length'], String(answer.body.length))
      if (typeof expected[0] === 'number') {
        const [start, end] = expected as [number, number]
        assert.equal(answer.headers['content-range'], `bytes ${start}-${end}/${size}`)
        return assert.ok(answer.body.equals(film.subarray(start, end + 1)))
      }
      // 15.3.7.2: "MUST NOT generate a Content-Range header field in the HTTP header section of a multiple part response"
      assert.equal(answer.headers['content-range'], undefined)
      const parts = partsOf(answer)
      const pairs = expected as [number, number][]
      // 15.3.7.2: "MUST generate a Content-Range header field corresponding to the range being enclosed in that body part"
      assert.deepEqual(
        parts.map(part => part.range),
        pairs.map(([start, end]) => `bytes ${start}-${end}/${size}`),
      )
      for (const [place, [start, end]] of pairs.entries()) {
        assert.equal(parts[place]?.type, 'video/mp4')
        assert.ok(parts[place]?.bytes.equals(film.subarray(start, end + 1)))
      }
    })
  }
})

test('of an empty film the last bytes are all of it, and its first byte is not there', async () => {
  await using empty = await startFilmApp(Buffer.alloc(0))
  assert.equal((await ask(empty.url, {})).headers['content-length'], '0')
  assert.equal((await ask(empty.url, { headers: { range: 'bytes=-1' } })).status, 200)
  const first = await ask(empty.url, { headers: { range: 'bytes=0-' } })
  assert.equal(first.status, 416)
  assert.equal(first.headers['content-range'], 'bytes */0')
})
