/**
 * Whether people's questions about real meetings find the places that people marked: `node bench/quality/search.ts
 * [directory]`, by itself the meetings of RUSHES_MEDIA. Prints a table of what is found beside plain BM25 and chance,
 * and one of what the extractive answers make of it. With RUSHES_TEST_DATABASE_URL on that PostgreSQL.
 */
import { join } from 'node:path'
import type { VideoId } from '../../shared/index.ts'
import { openSearchAlone } from '../../test/search/open-search.ts'
import { lendOnceOnly } from '../../test/support/lent-database.ts'
import { formatTable } from '../support/table.ts'
import { measureAnswers } from './answering.ts'
import { asItIs, createBm25, readStems, type Stem, type Window, windowsOf } from './baselines.ts'
import { chanceOf, type Find, measureFinding, type Place } from './finding.ts'
import { type Meeting, readMeetings } from './meetings.ts'

const [directory = join(process.env.RUSHES_MEDIA ?? 'media', 'meetings')] = process.argv.slice(2)
const all = await readMeetings(directory)
const asked = all.filter(meeting => meeting.questions.length > 0)

await lendOnceOnly()
await using setting = await openSearchAlone()
const { search, database } = setting
const ids = new Map<string, VideoId>()
for (const { name, segments } of all) ids.set(name, await setting.addVideo(segments))
const names = new Map([...ids].map(([name, id]) => [id, name]))
const idOf = ({ name }: Meeting): VideoId => ids.get(name) ?? ('' as VideoId)

const windows = new Map(all.map(meeting => [meeting, windowsOf(meeting)]))
const everywhere = [...windows.values()].flat()
const words = [...everywhere.flatMap(window => window.words), ...asked.flatMap(wordsAsked)]
const stem = await readStems(database.db, words)

const places = (found: readonly Window[]): Place[] =>
  found.map(({ meeting, startSeconds, endSeconds }) => ({ meeting: meeting.name, startSeconds, endSeconds }))
const inOne: Find = async (meeting, { text }) => {
  const { hits } = await search.inVideo(idOf(meeting), { q: text.slice(0, 500), limit: 5 })
  return hits.map(hit => ({ meeting: meeting.name, ...hit }))
}
const inAll: Find = async (_, { text }) => {
  const { hits } = await search.inLibrary({ q: text.slice(0, 500), limit: 5 })
  return hits.map(hit => ({ meeting: names.get(hit.videoId) ?? '', ...hit }))
}
const bm25InOne = (by: Stem): Find => {
  const rankings = new Map(asked.map(meeting => [meeting, createBm25(windows.get(meeting) ?? [], by)]))
  return (meeting, { text }) => places(rankings.get(meeting)?.(text) ?? [])
}
const bm25InAll = (by: Stem): Find => {
  const rank = createBm25(everywhere, by)
  return (_, { text }) => places(rank(text))
}

interface Found {
  r1: number
  r5: number
}
const row = (name: string, one: Found, across: Found): string[] => [
  name,
  ...[one.r1, one.r5, across.r1, across.r5].map(share => share.toFixed(0)),
]
const measured = async (name: string, one: Find, across: Find) =>
  row(name, await measureFinding(asked, one), await measureFinding(asked, across))

const questionCount = asked.reduce((sum, { questions }) => sum + questions.length, 0)
console.log(`${questionCount} questions about ${asked.length} of ${all.length} meetings; ${database.kind}`)
const rows = [
  await measured('this search', inOne, inAll),
  await measured('BM25, 60 words', bm25InOne(asItIs), bm25InAll(asItIs)),
  await measured('BM25, 60 words, stop words and stems', bm25InOne(stem), bm25InAll(stem)),
  row(
    'chance',
    chanceOf(asked, meeting => places(windows.get(meeting) ?? [])),
    chanceOf(asked, () => places(everywhere)),
  ),
]
console.log(
  formatTable(['a marked place is … (%)', 'first, in one', 'among five', 'first, in all', 'among five'], rows),
)

const never = new AbortController().signal
const answers = await measureAnswers(asked, (meeting, question) =>
  search.retrieve(idOf(meeting), question, { limit: 12, signal: never }),
)
const share = (count: number, of: number) => [`${count} of ${of}`, ((100 * count) / of).toFixed(0)]
console.log(
  formatTable(
    ['the extractive answers', 'questions', '%'],
    [
      ['own questions answered', ...share(answers.ownAnswered, answers.ownAsked)],
      ['… with a quote from a marked place', ...share(answers.ownFromMarked, answers.ownAsked)],
      ['questions from quite other meetings refused', ...share(answers.foreignRefused, answers.foreignAsked)],
    ],
  ),
)

function wordsAsked({ questions }: Meeting): string[] {
  return questions.flatMap(({ text }) => text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [])
}
