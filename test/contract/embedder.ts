/** What every Embedder keeps to. Call it with the ways in which it can be opened. */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { type Embedder, EmbedderFault } from '../../server/search/engine.ts'

export interface EmbedderUnderTest extends AsyncDisposable {
  engine: Embedder
}
type Open = () => Promise<EmbedderUnderTest>

export interface EmbedderWays {
  /** It can embed. */
  works: Open
  /** It believes so until it is asked. */
  breaks: Open
  /** It can't run here, and knows it. */
  isAbsent: Open
}

const signal = new AbortController().signal
const passage = { signal, kind: 'passage' } as const
const query = { signal, kind: 'query' } as const
const sentence = /^\S.{10,}\.$/
const said = ['The launch is in October.', 'Mushrooms grow after rain.', 'The bridge was opened by the mayor.']
/** Nothing that people say in a film, and yet found in transcripts. */
const odd = ['', '   ', '🎬', '漢字', '«»…', 'x'.repeat(2000)]

export function embedderContract(name: string, ways: EmbedderWays, skip: string | false = false): void {
  describe(`${name} keeps the contract of an embedder`, { skip }, () => {
    vectors(ways)
    aborting(ways)
    health(name, ways)
  })
}

function vectors({ works, breaks }: EmbedderWays): void {
  test('each text has a vector of length 1, all of one dimension, questions too', async () => {
    await using under = await works()
    const all = [...(await under.engine.embed(said, passage)), ...(await under.engine.embed(said, query))]
    assert.equal(all.length, 2 * said.length)
    assert.equal(new Set(all.map(vector => vector.length)).size, 1)
    for (const vector of all) {
      assert.ok(vector instanceof Float32Array)
      assert.ok(Math.abs(similarity(vector, vector) - 1) < 1e-4)
    }
  })
  test('vectors come in the order of the texts: each is the one that its text has alone', async () => {
    await using under = await works()
    const together = await under.engine.embed(said, passage)
    for (const [at, text] of said.entries()) {
      const [alone] = await under.engine.embed([text], passage)
      assert.ok(alone && together.every((vector, other) => other === at || similarity(vector, alone) < 0.95))
      assert.ok(similarity(together[at] ?? assert.fail(), alone) > 0.99)
    }
  })
  test('of several that ask at once each gets its own', async () => {
    await using under = await works()
    const [together, ...alone] = await Promise.all([
      under.engine.embed(said, passage),
      ...said.map(text => under.engine.embed([text], passage)),
    ])
    for (const [at, [vector]] of alone.entries())
      assert.ok(vector && similarity(together[at] ?? assert.fail(), vector) > 0.99)
  })
  test('a whole batch goes in one call', async () => {
    await using under = await works()
    const { batchSize } = under.engine
    assert.ok(Number.isInteger(batchSize) && batchSize > 0)
    const texts = Array.from({ length: batchSize }, (_, n) => `Valley ${n} was carved by a glacier.`)
    assert.equal((await under.engine.embed(texts, passage)).length, batchSize)
  })
  test('no texts have no vectors, and nobody is asked for them', async () => {
    await using under = await breaks()
    assert.deepEqual(await under.engine.embed([], passage), [])
    assert.equal((await under.engine.check()).available, true)
  })
  test('texts that say nothing have vectors of numbers, and do the others no harm', async () => {
    await using under = await works()
    const [first, ...rest] = await under.engine.embed([said[0] ?? '', ...odd], passage)
    assert.equal(rest.length, odd.length)
    for (const vector of rest) {
      assert.equal(vector.length, first?.length)
      assert.ok(vector.every(Number.isFinite))
    }
    const [alone] = await under.engine.embed(said.slice(0, 1), passage)
    assert.ok(first && alone && similarity(first, alone) > 0.99)
  })
}

function aborting({ works, breaks }: EmbedderWays): void {
  const reason = new Error('the video is gone')
  test('rejects with the reason of an abort that came before, and was nobody’s fault', async () => {
    await using under = await breaks()
    await assert.rejects(under.engine.embed(said, { signal: AbortSignal.abort(reason), kind: 'passage' }), reason)
    assert.equal((await under.engine.check()).available, true)
  })
  test('rejects with the reason of an abort while it works, and works on for the next one', async () => {
    await using under = await works()
    const aborting = new AbortController()
    const given = under.engine.embed(said, { signal: aborting.signal, kind: 'passage' })
    aborting.abort(reason)
    await assert.rejects(given, reason)
    assert.equal((await under.engine.check()).available, true)
    assert.equal((await under.engine.embed(said, passage)).length, said.length)
  })
}

function health(name: string, { works, breaks, isAbsent }: EmbedderWays): void {
  test('is there, under its name, says why in a sentence, and signs with its name', async () => {
    await using under = await works()
    const { available, reason } = await under.engine.check()
    assert.deepEqual([under.engine.name, available], [name, true])
    assert.match(reason, sentence)
    assert.ok(under.engine.signature.startsWith(`${name} `))
  })
  test('one that fails rejects, rests for a while and says why; who can wait is told that it only rests', async () => {
    await using under = await breaks()
    assert.equal((await under.engine.check()).available, true)
    const fault: unknown = await under.engine.embed(said, passage).catch((given: unknown) => given)
    assert.ok(fault instanceof Error && fault.message !== '')
    const { available, reason, isResting = false } = await under.engine.check()
    assert.equal(available, false)
    assert.match(reason, /^\S.{10,}$/)
    if (fault instanceof EmbedderFault && fault.mayPass) assert.ok(isResting)
  })
  test('one that is not there says why in a sentence, and rejects whoever asks all the same', async () => {
    await using under = await isAbsent()
    const { available, reason } = await under.engine.check()
    assert.equal(available, false)
    assert.match(reason, sentence)
    await assert.rejects(under.engine.embed(said, passage))
  })
}

const similarity = (a: Float32Array, b: Float32Array): number =>
  a.reduce((sum, value, at) => sum + value * (b[at] ?? 0), 0)
