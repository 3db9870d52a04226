/**
 * Searching a library of 20,000 passages in 40 videos: `node bench/search.ts [passages] [queries]`. Vectors of 384
 * dimensions come from a local stand-in that answers at once, so that what is measured is the search and not the model.
 * With RUSHES_TEST_DATABASE_URL on that PostgreSQL, otherwise on the embedded database.
 */
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { json } from 'node:stream/consumers'
import { sql } from 'drizzle-orm'
import type { Segment, VideoId } from '../shared/index.ts'
import { openSearchAlone } from '../test/search/open-search.ts'
import { lendOnceOnly } from '../test/support/lent-database.ts'
import { formatTable } from './support/table.ts'

const [passages = 20_000, queries = 40] = process.argv.slice(2).map(Number)
const videos = 40
const dimensions = 384
const wordsKnown = 8000

/** A generator of its own, so that every run searches the same library. */
let state = 7
function random(): number {
  state = (Math.imul(state, 1664525) + 1013904223) >>> 0
  return state / 2 ** 32
}
/** As in speech: few words come all the time, most of them seldom. */
const wordAt = (rank: number) =>
  `${createHash('sha1')
    .update(String(rank))
    .digest('hex')
    .replace(/\d/g, '')
    .slice(0, 4 + (rank % 6))}${'aeiou'[rank % 5]}`
const someWord = () => wordAt(Math.floor(wordsKnown ** random()))
const sentence = (length: number) => Array.from({ length }, someWord).join(' ')

/** Ten words a segment and some 40 a passage, of which one segment is shared. */
const transcript = (count: number): Segment[] =>
  Array.from({ length: count * 3 }, (_, index) => ({
    ...{ index, startSeconds: index * 4, endSeconds: index * 4 + 4, text: sentence(10), words: [] },
  }))

const embeddings = createServer(async (request, response) => {
  const { input } = (await json(request)) as { input: string[] }
  const data = input.map((_, index) => ({ index, embedding: Array.from({ length: dimensions }, () => random() - 0.5) }))
  response.setHeader('Content-Type', 'application/json').end(JSON.stringify({ data }))
})
await once(embeddings.listen(0, '127.0.0.1'), 'listening')
const baseUrl = `http://127.0.0.1:${(embeddings.address() as AddressInfo).port}/v1`

const rows: string[][] = []
await lendOnceOnly()
for (const embedder of ['none', 'openai'] as const) {
  await using setting = await openSearchAlone({ embedder, openai: { baseUrl, model: 'stand-in' } })
  const { search, database } = setting
  const started = performance.now()
  const ids: VideoId[] = []
  for (let made = 0; made < videos; made++) ids.push(await setting.addVideo(transcript(Math.round(passages / videos))))
  const perPassage = (performance.now() - started) / passages
  const [counted] = await database.db.execute<{ count: number }>(sql`select count(*)::int as count from passages`)
  console.log(`${database.kind}, ${embedder}: ${counted?.count} passages, ${perPassage.toFixed(2)} ms each to index`)
  const kinds: Record<string, () => string> = {
    'a seldom word': () => wordAt(2000 + Math.floor(random() * 5000)),
    'three words': () => sentence(3),
    'a question of twelve words': () => sentence(12),
    'the most common word': () => wordAt(1),
    'a typing error': () => swapLetters(wordAt(500 + Math.floor(random() * 5000))),
    nonsense: () => 'xylophonic quaggafrumpet zzyx',
  }
  for (const [kind, query] of Object.entries(kinds)) {
    const inVideo = await measure(() =>
      search.inVideo(ids[Math.floor(random() * ids.length)] as VideoId, { q: query(), limit: 10 }),
    )
    const inLibrary = await measure(() => search.inLibrary({ q: query(), limit: 10 }))
    rows.push([`${embedder === 'none' ? 'lexical' : 'hybrid'}: ${kind}`, ...inVideo, ...inLibrary])
  }
}
embeddings.closeAllConnections()
embeddings.close()
console.log(`\n${formatTable(['query', 'video p50 ms', 'video p95', 'library p50 ms', 'library p95'], rows)}`)

function swapLetters(word: string): string {
  const [first = '', second = '', third = '', ...rest] = word
  return [first, third, second, ...rest].join('')
}

async function measure(search: () => Promise<unknown>): Promise<string[]> {
  const times: number[] = []
  for (let at = 0; at < queries; at++) {
    const before = performance.now()
    await search()
    times.push(performance.now() - before)
  }
  times.sort((a, b) => a - b)
  return [0.5, 0.95].map(share => (times[Math.floor(times.length * share)] ?? Number.NaN).toFixed(1))
}
