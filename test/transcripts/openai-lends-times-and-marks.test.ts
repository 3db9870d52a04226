import assert from 'node:assert/strict'
import { test } from 'node:test'
import { languageCode } from '../../server/transcripts/engines/language-code.ts'
import { createOpenAiSpeech } from '../../server/transcripts/engines/openai.ts'
import { faults, json, startSpeechService } from './service.ts'
import { listen, openFolder, silence, speak, writeAudio } from './speech.ts'

const speech = await speak('we decided to launch the new product in october')
const options = { apiKey: 'test', model: 'whisper-1', retries: 0, timeoutSeconds: 1 }
/** Left to itself the library waits for ten minutes. */
const patienceMs = 60_000
const words = 'We decided to launch'.split(' ').map((word, at) => ({ word, start: at * 0.4, end: at * 0.4 + 0.3 }))

const hundredth = (seconds: number) => Math.round(seconds * 100) / 100

async function hear(answer: object, pieces = [speech]) {
  await using service = await startSpeechService(json(answer))
  await using folder = await openFolder()
  const engine = createOpenAiSpeech({ ...options, baseUrl: service.baseUrl })
  return { ...(await listen(engine, await writeAudio(folder.path, pieces))), bodies: service.bodies }
}

test('words have the times of the words and the marks of the text', async () => {
  const { segments, language, engine } = await hear({
    language: 'english',
    text: '',
    segments: [{ start: 0, end: 2, text: ' We decided to launch!' }],
    words,
  })
  assert.deepEqual(
    segments.map(({ text }) => text),
    ['We decided to launch!'],
  )
  const last = segments[0]?.words.at(-1)
  assert.deepEqual(
    last && { word: last.word, startSeconds: hundredth(last.startSeconds), endSeconds: hundredth(last.endSeconds) },
    {
      word: 'launch!',
      startSeconds: 1.22,
      endSeconds: 1.52,
    },
  )
  assert.deepEqual([language, engine], ['en', 'openai whisper-1'])
})

test('a server that gives no words gets them estimated, one that gives no segments gets them made', async () => {
  const estimated = await hear({ text: '', segments: [{ start: 0, end: 2, text: 'We decided' }] })
  assert.ok(estimated.words.length === 2 && estimated.words.every(word => word.estimated))
  assert.deepEqual(
    (await hear({ text: 'We decided to launch', words })).segments.map(segment => segment.text),
    ['We decided to launch'],
  )
  const bare = await hear({ text: 'We decided' })
  assert.deepEqual(
    bare.segments.map(segment => segment.text),
    ['We decided'],
  )
})

test('what is rather noise is left out', async () => {
  assert.deepEqual(
    (await hear({ text: '', segments: [{ start: 0, end: 2, text: 'Thanks for watching!', no_speech_prob: 0.97 }] }))
      .segments,
    [],
  )
})

test('a long video is asked for in pieces, with times in the video', async () => {
  const { segments, bodies } = await hear({ text: '', segments: [{ start: 0, end: 2, text: 'We decided' }] }, [
    speech,
    silence(100),
    speech,
  ])
  assert.equal(bodies.length, 2)
  const [first, second] = segments.map(segment => segment.startSeconds)
  assert.ok((first ?? -1) < 0.3 && Math.abs((second ?? 0) - (100 + speech.length / 16_000)) < 0.3, `${first} ${second}`)
  assert.match(
    bodies[0] ?? '',
    /name="response_format"\r\n\r\nverbose_json[\s\S]*name="timestamp_granularities\[\]"\r\n\r\nword/,
  )
})

for (const [name, answer] of Object.entries(faults)) {
  test(`a server that ${name} fails the rung in time`, { timeout: patienceMs }, async () => {
    await using service = await startSpeechService(answer)
    await using folder = await openFolder()
    const engine = createOpenAiSpeech({ ...options, baseUrl: service.baseUrl })
    const input = await writeAudio(folder.path, [speech])
    await assert.rejects(listen(engine, input))
  })
}

test('a passing fault is tried again', async () => {
  await using service = await startSpeechService(faults['answers 500'] ?? (() => {}), json({ text: 'We decided' }))
  await using folder = await openFolder()
  const engine = createOpenAiSpeech({ ...options, retries: 1, baseUrl: service.baseUrl })
  assert.equal((await listen(engine, await writeAudio(folder.path, [speech]))).segments.length, 1)
})

test('an abort ends it with the reason', async () => {
  const reason = new Error('the video is gone')
  const aborting = new AbortController()
  await using service = await startSpeechService(() => aborting.abort(reason))
  await using folder = await openFolder()
  const engine = createOpenAiSpeech({ ...options, timeoutSeconds: 60, baseUrl: service.baseUrl })
  const input = await writeAudio(folder.path, [speech])
  await assert.rejects(listen(engine, input, aborting.signal), reason)
})

test('the rung says which variable is missing', async () => {
  const reasonOf = async (given: object) => (await createOpenAiSpeech(given).check()).reason
  assert.match(await reasonOf({ model: 'whisper-1' }), /OPENAI_API_KEY/)
  assert.match(await reasonOf({ apiKey: 'test' }), /OPENAI_TRANSCRIBE_MODEL/)
})

test('languages are named by their codes', () => {
  const codes = ['english', 'German', 'en-gb', 'eng', 'ja', 'xx', '', null].map(languageCode)
  assert.deepEqual(codes, ['en', 'de', 'en-GB', 'en', 'ja', 'und', 'und', 'und'])
})
