import assert from 'node:assert/strict'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { createExtractiveEngine } from '../../server/chat/engines/extractive.ts'
import type { Citation, Segment, VideoId } from '../../shared/index.ts'
import { openSearchAlone } from '../search/open-search.ts'
import { readCaptions, spoken } from './captions.ts'

const setting = await openSearchAlone()
after(() => setting[Symbol.asyncDispose]())

const media = process.env.RUSHES_MEDIA
const skip = media === undefined && 'RUSHES_MEDIA is not set'
const film = (name: string) => readCaptions(join(media ?? '', name))

const printing = 'derived/lj_talk_two_people_720p.vtt'
const accessibility = 'files/subtitles/itaccess_captions_en.vtt'
const song = 'files/subtitles/paulallen_en.vtt'

const places: [file: string, question: string, expected: RegExp][] = [
  [printing, 'When was movable type invented?', /middle of the fifteenth century/],
  [printing, 'Who took impressions from wood blocks?', /the Chinese took impressions/],
  [printing, 'What were the block books?', /immediate predecessors of the true printed book/],
  [printing, 'How does printing differ from the other arts?', /differs from most if not from all the arts/],
  [accessibility, 'Why is accessibility important?', /accessibility becomes a very important value/],
  [accessibility, 'Who believes that excellence is achieved through diversity?', /genuinely believe that excellence/],
  [accessibility, 'What does Tracy Mitrano say about talent?', /best talent/],
  [song, 'What does Paul Allen own?', /owns an island/],
  [song, 'How many hours of work did he put in?', /15 hours of work/],
]
for (const [file, question, expected] of places) {
  test(`“${question}” is answered by the place that says it`, { skip }, async () => {
    const { citations } = await ask(await film(file), question)
    assert.match(citations[0]?.text ?? '', expected)
    assert.ok(citations.length <= 3)
  })
}

for (const file of [printing, accessibility, song]) {
  test(`quotes from ${file} are what is said, to the letter and in place`, { skip }, async () => {
    const segments = await film(file)
    for (const question of ['What is this about?', 'Who works?', 'What is printing?', 'Why accessibility?']) {
      for (const citation of (await ask(segments, question)).citations) assertGrounded(citation, segments)
    }
  })
}

test('a question about everything quotes the opening and a typical place', { skip }, async () => {
  const segments = await film(printing)
  for (const question of ['What is this about?', 'Give me a summary of this video', 'Worum geht es?']) {
    const { citations } = await ask(segments, question)
    assert.equal(citations[0]?.segmentIndexes[0], 0, question)
    assert.match(citations[1]?.text ?? '', /the invention of the art of printing/)
  }
})

test('a time that is said in square brackets does not look as if it was checked', async () => {
  const said = 'The bridge opened [0:42] in 1932 [2], [at 1:02:03].'
  const { text, citations } = await ask(spoken('Welcome.', said), 'When did the bridge open?')
  assert.match(text, /\n\n\[0:05\] “The bridge opened \(0:42\) in 1932 \[2\], \(at 1:02:03\)\.”$/)
  assert.equal(citations[0]?.text, said)
})

test('what nobody speaks of is said not to be there, and nothing is cited', { skip }, async () => {
  const { citations, text } = await ask(await film(printing), 'What is the price of bread in Paris?')
  assert.deepEqual(citations, [])
  assert.match(text, /does not seem to say/)
})

test('quotes stand under the times at which they are said, and are said to be quotes', async () => {
  const { text, parts } = await ask(
    spoken('Welcome to the show.', 'The bridge opened in 1932.', 'Goodbye.'),
    'When did the bridge open?',
  )
  assert.equal(text, 'No language model is set up here, so I only quote:\n\n[0:05] “The bridge opened in 1932.”')
  assert.ok(parts.length > 1)
})

const kinds: [question: string, expected: number][] = [
  ['When did the bridge open?', 1],
  ['Why did the bridge open?', 2],
  ['How many people saw the bridge open?', 3],
]
for (const [question, expected] of kinds) {
  test(`of places that speak of the same, “${question}” prefers the one that can answer it`, async () => {
    const said = [
      'People saw the bridge open.',
      'The bridge did open in July.',
      'The bridge did open because people cheered.',
    ]
    const segments = spoken(...said, 'Twenty people saw the bridge open.')
    assert.deepEqual((await ask(segments, question)).citations[0]?.segmentIndexes, [expected])
  })
}

test('a refrain is quoted once', async () => {
  const { citations } = await ask(spoken('Row your boat.', 'Down the stream.', 'Row your boat.'), 'Who rows the boat?')
  assert.equal(citations.length, 1)
})

test('a sentence that the captions cut is quoted whole', async () => {
  const { citations } = await ask(
    spoken('Hello.', 'The treasure lies', 'under the old oak.', 'Bye.'),
    'Where is the treasure?',
  )
  assert.equal(citations[0]?.text, 'The treasure lies under the old oak.')
  assert.deepEqual(citations[0]?.segmentIndexes, [1, 2])
})

test('languages without spaces are searched word by word', async () => {
  const { citations } = await ask(spoken('こんにちは。', '京都で会議があります。', 'さようなら。'), '京都の会議')
  assert.deepEqual(citations[0]?.segmentIndexes, [1])
})

test('an empty transcript is no fault', async () => {
  assert.deepEqual((await ask([], 'What is this about?')).citations, [])
})

const videos = new Map<string, Promise<VideoId>>()

/** What search finds of a question, as the room finds it. */
async function retrieve(segments: Segment[], question: string) {
  const text = JSON.stringify(segments)
  const adding = videos.get(text) ?? setting.addVideo(segments)
  videos.set(text, adding)
  const signal = new AbortController().signal
  return setting.search.retrieve(await adding, question, { limit: 12, signal })
}

async function ask(segments: Segment[], question: string) {
  const passages = await retrieve(segments, question)
  const parts: string[] = []
  const request = {
    question,
    segments,
    passages,
    video: { title: '', durationSeconds: 60 },
    passedOver: 'No language model is set up here',
    ...{ talk: [], earlier: '', place: null, asker: 'Ada' },
  }
  const { citations } = await createExtractiveEngine().answer(request, {
    signal: new AbortController().signal,
    onText: part => void parts.push(part),
    onAnew: () => {},
  })
  return { citations, parts, text: parts.join('') }
}

function assertGrounded({ text, segmentIndexes, startSeconds, endSeconds }: Citation, segments: Segment[]): void {
  const cited = segmentIndexes.map(index => segments[index])
  assert.equal(text, cited.map(segment => segment?.text).join(' '))
  assert.ok(cited.length >= 1 && cited.length <= 3)
  assert.equal(startSeconds, cited[0]?.startSeconds)
  assert.equal(endSeconds, cited.at(-1)?.endSeconds)
}
