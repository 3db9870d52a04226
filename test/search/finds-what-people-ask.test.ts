import assert from 'node:assert/strict'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { measureAnswers } from '../../bench/quality/answering.ts'
import { measureFinding } from '../../bench/quality/finding.ts'
import { type Meeting, readMeetings } from '../../bench/quality/meetings.ts'
import type { VideoId } from '../../shared/index.ts'
import { openSearchAlone, spoken } from './open-search.ts'

const setting = await openSearchAlone()
after(() => setting[Symbol.asyncDispose]())
const { search } = setting
const media = process.env.RUSHES_MEDIA
const skip = media === undefined && 'RUSHES_MEDIA is not set'

test('of people’s questions about real meetings half find a marked place first, four of five among five', {
  skip,
}, async () => {
  const meetings = (await readMeetings(join(media ?? '', 'meetings'))).filter(({ questions }) => questions.length > 0)
  const ids = new Map<Meeting, VideoId>()
  for (const meeting of meetings) ids.set(meeting, await setting.addVideo(meeting.segments))
  const idOf = (meeting: Meeting) => ids.get(meeting) ?? ('' as VideoId)
  const { r1, r5 } = await measureFinding(meetings, async (meeting, { text }) => {
    const { hits } = await search.inVideo(idOf(meeting), { q: text, limit: 5 })
    return hits.map(hit => ({ meeting: meeting.name, ...hit }))
  })
  assert.ok(r1 >= 50 && r5 >= 80, `${r1.toFixed(1)} and ${r5.toFixed(1)} %`)

  const signal = new AbortController().signal
  const answers = await measureAnswers(meetings, (meeting, question) =>
    search.retrieve(idOf(meeting), question, { limit: 12, signal }),
  )
  assert.ok(answers.ownFromMarked >= 0.6 * answers.ownAsked, `${answers.ownFromMarked} of ${answers.ownAsked}`)
  assert.ok(
    answers.foreignRefused >= 0.8 * answers.foreignAsked,
    `${answers.foreignRefused} of ${answers.foreignAsked}`,
  )
})

test('a question finds what says little of it, and is told that it is little', async () => {
  const filler = Array.from({ length: 12 }, (_, at) => [`The weather in town number ${at} was dull.`, 10]).flat()
  const id = await setting.addVideo(spoken('The harbour was dredged by a Dutch firm.', 10, ...filler))
  const find = (q: string) => search.inVideo(id, { q, limit: 5 })
  const little = await find('How much did pension funds, brokers and the treasury pay for the harbour wall?')
  assert.deepEqual([little.hits[0]?.segments, little.weak], [[0], true])
  const much = await find('Which firm dredged the harbour?')
  assert.deepEqual([much.hits[0]?.segments, much.weak], [[0], false])
  assert.ok((much.hits[0]?.score ?? 0) > (little.hits[0]?.score ?? 1))
})

test('a question of which nothing is said finds nothing', async () => {
  const id = await setting.addVideo(spoken('The harbour was dredged by a Dutch firm.'))
  const nothing = await search.inVideo(id, { q: 'What did they discuss about pensions?', limit: 5 })
  assert.deepEqual(nothing, { mode: 'lexical', hits: [], weak: true })
})

test('who is asked about by name is found by what they say', async () => {
  const lines = ['We raise the budget by a tenth.', 'We cut the budget.', 'The budget stays.']
  const segments = spoken(lines[0] ?? '', 100, lines[1] ?? '', 100, lines[2] ?? '')
  const id = await setting.addVideo(
    segments.map((segment, at) => ({ ...segment, speaker: ['Ada Holm', 'Mario Rossi', 'Chair'][at] ?? '' })),
  )
  const { hits } = await search.inVideo(id, { q: 'What did Rossi say about the budget?', limit: 5 })
  assert.deepEqual(hits[0]?.segments, [1])
})
