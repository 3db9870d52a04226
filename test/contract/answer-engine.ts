/** What every AnswerEngine keeps to. Call it with the ways in which it can be opened. */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { setImmediate as turn } from 'node:timers/promises'
import type { AnswerEngine, AnswerRequest } from '../../server/chat/engine.ts'
import { AppError } from '../../server/platform/errors.ts'
import { type Citation, type Hit, type Segment, timeCode, type VideoId } from '../../shared/index.ts'

export interface AnswerEngineUnderTest extends AsyncDisposable {
  engine: AnswerEngine
}
type Open = () => Promise<AnswerEngineUnderTest>

export interface AnswerEngineWays {
  /** It can answer, from the segments that it is given. */
  works: Open
  /** It fails when it is asked. Left out by what can't. */
  breaks?: Open
  /** It can't run here, and knows it. Left out by what always can. */
  isAbsent?: Open
}

const sentence = /^\S.{10,}\.$/
/** Half a minute between them: each can be found alone. */
const segments: Segment[] = [
  'Welcome to the show about bridges.',
  'The harbour bridge opened in 1932, as written at [9:59] and [99].',
  'Mushrooms grow after rain.',
  'The bridge is painted by eleven people.',
].map((text, index) => ({ index, startSeconds: index * 34, endSeconds: index * 34 + 4, text, words: [] }))

export function answerEngineContract(name: string, ways: AnswerEngineWays): void {
  describe(`${name} keeps the contract of an answer engine`, () => {
    telling(ways)
    citing(ways)
    aborting(ways)
    failing(ways)
    health(name, ways)
  })
}

function telling({ works }: AnswerEngineWays): void {
  test('the answer comes in parts, in order, and none of it when it was said to be complete', async () => {
    await using under = await works()
    const { parts, text } = await ask(under.engine)
    assert.ok(parts.length > 1, 'the room reads along')
    await turn()
    await turn()
    assert.equal(parts.join(''), text)
    assert.match(text, /^\S/)
  })
  test('of two questions at once each has its own answer', async () => {
    await using under = await works()
    const [alone, other] = [await ask(under.engine), await ask(under.engine, only([2]))]
    const together = await Promise.all([ask(under.engine), ask(under.engine, only([2]))])
    const kept = ({ text, citations }: Answered) => ({ text, citations })
    assert.deepEqual(together.map(kept), [alone, other].map(kept))
  })
  test('what it cost is counted, or nobody counts', async () => {
    await using under = await works()
    const { usage } = await ask(under.engine)
    const counts = usage ? [usage.inputTokens, usage.outputTokens, usage.costUsd ?? 0] : []
    assert.ok(counts.every(count => count >= 0))
  })
}

function citing({ works }: AnswerEngineWays): void {
  const questions = ['When did the harbour bridge open?', 'What is this about?', 'Who pays for the zeppelin?']
  for (const question of questions) {
    test(`what is cited was given, and each time code stands for it: ${question}`, async () => {
      await using under = await works()
      const { text, citations } = await ask(under.engine, { question })
      for (const citation of citations) assertGiven(citation)
      const codes = citations.map(({ startSeconds }) => timeCode(startSeconds))
      assert.deepEqual([...new Set(codesIn(text))], [...new Set(codes)])
    })
  }
  test('what answers is cited', async () => {
    await using under = await works()
    const { citations } = await ask(under.engine)
    assert.ok(citations.some(({ segmentIndexes }) => segmentIndexes.includes(1)))
  })
  test('of a part of the film nothing else is cited', async () => {
    await using under = await works()
    const place = { startSeconds: 68, endSeconds: 106, isSpan: true }
    const { citations } = await ask(under.engine, { ...only([2, 3]), place, question: 'What is said here?' })
    assert.ok(citations.length > 0)
    for (const citation of citations) assertGiven(citation, [2, 3])
  })
  test('what search found and is no longer said is not cited', async () => {
    await using under = await works()
    const { citations } = await ask(under.engine, { ...only([0, 2]), passages: passagesOf(segments) })
    for (const citation of citations) assertGiven(citation, [0, 2])
  })
  test('where nothing is said it says something, and cites nothing', async () => {
    await using under = await works()
    const { text, citations } = await ask(under.engine, only([]))
    assert.match(text, /\S.{10,}/)
    assert.deepEqual([citations, codesIn(text)], [[], []])
  })
}

function aborting({ works }: AnswerEngineWays): void {
  const reason = new Error('nobody waits any more')
  test('rejects with the reason of an abort that came before, and tells nothing', async () => {
    await using under = await works()
    const parts: string[] = []
    const asking = ask(under.engine, {}, { signal: AbortSignal.abort(reason), onText: text => void parts.push(text) })
    await assert.rejects(asking, reason)
    assert.deepEqual(parts, [])
  })
  test('rejects with the reason of an abort in the middle, tells no more, and answers the next one', async () => {
    await using under = await works()
    const aborting = new AbortController()
    const parts: string[] = []
    const onText = (text: string) => {
      parts.push(text)
      aborting.abort(reason)
    }
    await assert.rejects(ask(under.engine, {}, { signal: aborting.signal, onText }), reason)
    await turn()
    assert.equal(parts.length, 1)
    assert.ok((await ask(under.engine)).citations.length > 0)
    assert.match((await under.engine.check()).reason, sentence)
  })
}

function failing({ breaks }: AnswerEngineWays): void {
  if (!breaks) return
  test('one that fails rejects with answer.failed and a sentence, is asked again, and its health says why', async () => {
    await using under = await breaks()
    const before = await under.engine.check()
    await assert.rejects(ask(under.engine), fault => {
      assert.ok(fault instanceof AppError && fault.code === 'answer.failed')
      assert.match(fault.message, sentence)
      assert.doesNotMatch(fault.message, /secret/)
      return true
    })
    const after = await under.engine.check()
    assert.deepEqual([before.available, after.available], [true, true])
    assert.match(after.reason, sentence)
    assert.notEqual(after.reason, before.reason)
  })
}

function health(name: string, { works, isAbsent }: AnswerEngineWays): void {
  test('is there, under its name, says why in a sentence, and signs', async () => {
    await using under = await works()
    const { available, reason } = await under.engine.check()
    assert.deepEqual([under.engine.name, available], [name, true])
    assert.match(reason, sentence)
    assert.match(under.engine.signature, /\S/)
  })
  if (!isAbsent) return
  test('one that is not there says why in a sentence', async () => {
    await using under = await isAbsent()
    const { available, reason } = await under.engine.check()
    assert.equal(available, false)
    assert.match(reason, sentence)
  })
}

type Answered = Awaited<ReturnType<typeof ask>>

async function ask(
  engine: AnswerEngine,
  given: Partial<AnswerRequest> = {},
  { signal = new AbortController().signal, onText = (_: string): void => {} } = {},
) {
  const request: AnswerRequest = {
    ...{ question: 'When did the harbour bridge open?', asker: 'Ada', talk: [], earlier: '', place: null },
    ...{ segments, passages: passagesOf(given.segments ?? segments), passedOver: null },
    ...{ video: { title: 'A film', durationSeconds: 140 } },
    ...given,
  }
  const parts: string[] = []
  const context = {
    signal,
    onText(text: string) {
      parts.push(text)
      onText(text)
    },
    onAnew: () => void parts.splice(0),
  }
  const answered = await engine.answer(request, context)
  return { ...answered, parts, text: parts.join('') }
}

/** Only these are said. */
const only = (indexes: readonly number[]) => ({ segments: segments.filter(({ index }) => indexes.includes(index)) })

const passagesOf = (said: readonly Segment[]): Hit[] =>
  said.map(({ index, startSeconds, endSeconds, text }) => ({
    ...{ videoId: '' as VideoId, segments: [index], startSeconds, endSeconds, text, score: 1 },
  }))

function assertGiven({ startSeconds, endSeconds, text, segmentIndexes, score }: Citation, given = [0, 1, 2, 3]): void {
  assert.ok(segmentIndexes.length > 0 && segmentIndexes.every(index => given.includes(index)))
  const said = segmentIndexes.map(index => segments[index] ?? assert.fail())
  assert.equal(text, said.map(segment => segment.text).join(' '))
  assert.deepEqual([startSeconds, endSeconds], [said[0]?.startSeconds, said.at(-1)?.endSeconds])
  assert.ok(score >= 0 && score <= 1)
}

const codesIn = (text: string): string[] => [...text.matchAll(/\[(\d+:\d\d(?::\d\d)?)\]/g)].map(([, code = '']) => code)
