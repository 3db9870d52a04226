import assert from 'node:assert/strict'
import { test } from 'node:test'
import { askModel } from './ask-model.ts'
import { spoken } from './captions.ts'
import { startModelServer } from './model-server.ts'

// So long that each is an excerpt of its own.
const segments = spoken('Welcome to the show. '.repeat(15).trim(), 'The bridge opened in 1932.')
const question = 'When did the bridge open?'
const [said, kept] = ['In 1932 [2], they say [1].', 'In 1932 [0:05], they say [0:00].']

type Finish = string | null
const piece = (delta: object, finish_reason: Finish = null) => ({ choices: [{ index: 0, delta, finish_reason }] })
const content = (text: string) => piece({ content: text })
const words = (text: string) => (text.match(/\S+\s*|\s+/g) ?? []).map(content)
const letters = (text: string) => [...text].map(content)
const role = piece({ role: 'assistant', content: '' })
const stop = piece({}, 'stop')
const done = 'data: [DONE]\n\n'

type Ending = 'end' | 'cut' | 'stall'
async function hear(frames: (object | string)[], contentType: string | null = 'text/event-stream', ending?: Ending) {
  await using model = await startModelServer(() => ({ frames, contentType, ...(ending && { ending }) }))
  return await askModel(model.baseUrl, { question, segments })
}

const harmony =
  '<|channel|>analysis<|message|>Excerpt [1] is final?<|end|><|start|>assistant<|channel|>final<|message|>'
const thoughts: [how: string, before: string, after?: string][] = [
  ['in channels', harmony, '<|return|>'],
  ['in channels, from the start', `<|start|>assistant${harmony}`, '<|end|>'],
  ['in no channel but the last', '<|channel|>final<|message|>'],
  ['in the plural', '<thoughts>Excerpt [1]?</thoughts>'],
  ['with a prefix', '<seed:think>Excerpt [1]?</seed:think>'],
  ['at length', '<|begin_of_thought|>Excerpt [1]?<|end_of_thought|>\n\n<|begin_of_solution|>', '<|end_of_solution|>'],
  ['as a reflection', '<reflection>Excerpt [1]?</reflection>'],
  ['with a blank in its tag', '<think\n>Excerpt [1]?</think\n>'],
  ['as an analysis', '<analysis>Excerpt [1]?</analysis>'],
  ['that is closed twice', '<think>Excerpt [1]?</think>', '</think>'],
  ['that speaks of its tag', '<think>Do I write <think> or [1]?</think>'],
]

const whole: [how: string, frames: (object | string)[]][] = [
  ['as most do', [role, ...words(said), stop, done]],
  ['and ends without saying why', [role, ...words(said), done]],
  ['and says why without the last word', [role, ...words(said), stop]],
  ['and says why with every word, empty', [...said.split(/(?<= )/).map(word => piece({ content: word }, '')), done]],
  ['and says why with its last word', [content('In 1932 [2], they '), piece({ content: 'say [1].' }, 'stop'), done]],
  ['in lists of parts', [piece({ content: [{ type: 'text', text: said }] }), stop, done]],
  ['in parts of another type', [piece({ content: [{ type: 'output_text', text: said }] }), stop, done]],
  ['in parts without a type', [piece({ content: [{ text: { value: said } }] }), stop, done]],
  ['in one part', [piece({ content: { type: 'text', text: said } }), stop, done]],
  [
    'after a thought in one of two parts',
    [piece({ content: [{ thought: true, text: 'Hm [1].' }, { text: said }] }), stop, done],
  ],
  ['beside another choice', [{ choices: [{ index: 1, delta: { content: 'No.' } }, ...content(said).choices] }, stop]],
  ['as completions were once', [{ choices: [{ index: 0, text: said, finish_reason: null }] }, stop, done]],
  ['after pieces that say nothing', [{ choices: [] }, { id: 'x', object: 'ping' }, role, content(said), stop, done]],
  ['after a thought in a field of its own', [piece({ reasoning_content: 'Hm [1].' }), content(said), stop, done]],
  ['after a thought in another field', [piece({ reasoning: 'Hm [1].', content: '' }), content(said), stop, done]],
  ['after a thought in a part', [piece({ content: [{ type: 'thinking', thinking: 'Hm' }] }), content(said), stop]],
  ['after an empty thought', [...letters(`<think>\n\n</think>\n\n${said}`), stop, done]],
  ['after a thought', [...letters(`<think>\nExcerpt [1] may be it.\n</think>\n\n${said}`), stop, done]],
  ['after a thought, in one piece', [content(`<think>Excerpt [1] may be it.</think>${said}`), stop, done]],
  ['after a thought by another name', [...words(` <Thinking>Excerpt [1]. </Thinking> ${said}`), stop, done]],
  ['after a thought in square brackets', [...letters(`[THINK]Excerpt [1].[/THINK]${said}`), stop, done]],
  ['after a thought of 60,000 characters', [...words(`<think>${'and again '.repeat(6000)}</think>${said}`), stop]],
  ...thoughts.flatMap(([how, before, after = '']): [string, (object | string)[]][] => [
    [`after a thought ${how}`, [...letters(before + said + after), stop, done]],
    [`after a thought ${how}, in one piece`, [content(before + said + after), stop, done]],
  ]),
  ['around a thought', [...letters('In 1932 [2],<think>Excerpt [1]?</think> they say [1].'), stop, done]],
  [
    'with signs of life in between',
    ['data:\n\n', role, 'event: ping\ndata: ping\n\n', ...words(said), 'data: \n\n', stop],
  ],
  [
    'and says it once more at the end',
    [...words(said), { choices: [{ index: 0, message: { content: said }, finish_reason: 'stop' }] }],
  ],
  [
    'in messages instead of pieces',
    [{ choices: [{ index: 0, message: { content: said }, finish_reason: null }] }, stop],
  ],
  ['and reports a fault after its end', [...words(said), stop, { error: { message: 'secret' } }]],
  ['with other line ends', [`data:${JSON.stringify(content(said))}\r\n\r\ndata: ${JSON.stringify(stop)}\r\n\r\n`]],
]
for (const [how, frames] of whole) {
  test(`a model answers ${how}`, async () => {
    const { body, text, citations, engine, voided } = await hear(frames)
    assert.deepEqual({ body, text, engine, voided }, { body: kept, text: kept, engine: 'stand-in', voided: [] })
    assert.deepEqual(
      citations.map(each => each.startSeconds),
      [5, 0],
    )
  })
}

const line = (data: object) => `data: ${JSON.stringify(data)}`
const untidy: [how: string, frames: (object | string)[], ending?: Ending][] = [
  ['hangs', [...words(said), stop], 'stall'],
  ['hangs up', [...words(said), stop], 'cut'],
  ['hangs, with its last line open', [...words(said), line(stop)], 'stall'],
  ['hangs up, with its last line open', [...words(said), line(stop)], 'cut'],
  ['ends with half an event', [...words(said), stop, 'data: {"choices":[], "usa']],
  ['says something that nobody can read', [...words(said), stop, 'data: {"usa\n\n', done]],
  ['says that there is no more, on an open line', [...words(said), 'data: [DONE]']],
  ['says why, on an open line', [...words(said), line(stop)]],
  [
    'says why with its last word, on an open line',
    [content('In 1932 [2], they '), line(piece({ content: 'say [1].' }, 'stop'))],
  ],
]
for (const [how, frames, ending] of untidy) {
  test(`a model that is done and then ${how} has answered`, async () => {
    const { body, engine } = await hear(frames, undefined, ending)
    assert.deepEqual([body, engine], [kept, 'stand-in'])
  })
}

test('what comes soon after the end still counts', async () => {
  const usage = { prompt_tokens: 7, completion_tokens: 3 }
  const { usage: counted } = await hear([...words(said), stop, { choices: [], usage }], undefined, 'stall')
  assert.deepEqual(counted, { inputTokens: 7, outputTokens: 3, costUsd: null })
})

const broken: [how: string, end: (object | string)[]][] = [
  ...['error', 'abort', 'ABORTED', 'cancelled', 'network_error', 'MALFORMED_RESPONSE'].map(
    (finish): [string, object[]] => [`as ${finish}`, [piece({}, finish)]],
  ),
  ['by an event', ['event: error\ndata: {"message":"secret"}\n\n', done]],
  ['by an event without words', ['event: error\ndata: out of memory']],
]
for (const [how, end] of broken) {
  test(`an answer that its server breaks off, ${how}, is none`, async () => {
    await assert.rejects(hear([...words('In 1932 [2]. And'), ...end, done]), { code: 'answer.failed' })
    assert.equal((await hear([...end, done])).engine, 'extractive')
  })
}

test('where only the end of a thought is marked, the answer is told anew without it', async () => {
  const { body, text, citations, voided } = await hear([
    ...letters(`Okay, excerpt [1] says it.\n</think>\n\n${said.replace(', they say [1]', '')}`),
    stop,
  ])
  assert.deepEqual([body, text], ['In 1932 [0:05].', 'In 1932 [0:05].'])
  assert.equal(citations.length, 1, 'what it thought of is not cited')
  assert.equal(voided.length, 1)
})

test('a thought in a thought is none of the answer, and ends with its own end', async () => {
  const { body, citations } = await hear([...letters('<think>a<think>[1]</think>c [1]</think>In 1932 [2].'), stop])
  assert.deepEqual([body, citations.length], ['In 1932 [0:05].', 1])
})

test('a text that speaks of the tag is no thought', async () => {
  const spoken = 'It writes <think> before it answers, and a < b, see [note].'
  assert.equal((await hear([...letters(spoken), stop])).body, spoken)
})

const unended: [where: string, text: string, finish: string][] = [
  ['on a line of its own', '\n<think>let me check [1] again', 'stop'],
  ['after blanks, with a blank in its tag', '\n  <think >let me check [1] again', 'stop'],
  ['as an analysis', '\n<analysis>let me check [1] again', 'stop'],
  ['that its length cut', ' <think>let me check [1] again', 'length'],
  ['that its length cut on a line of its own', '\n\n<think>let me check [1] again', 'length'],
]
for (const [where, text, finish] of unended) {
  test(`a thought behind the answer that never ends is dropped: ${where}`, async () => {
    const { body, citations } = await hear([...letters(`In 1932 [2].${text}`), piece({}, finish)])
    assert.match(body, finish === 'stop' ? /^In 1932 \[0:05\]\.$/ : /^In 1932 \[0:05\]\.\n\n\(The answer is cut here/)
    assert.equal(citations.length, 1)
  })
}

test('a whole reply instead of a stream is taken, with its count', async () => {
  const message = { role: 'assistant', content: said }
  const usage = { prompt_tokens: 7, completion_tokens: 3 }
  for (const finish_reason of ['stop', null]) {
    const reply = JSON.stringify({ choices: [{ index: 0, message, finish_reason }], usage })
    const { body, usage: counted } = await hear([reply], 'application/json')
    assert.equal(body, kept)
    assert.deepEqual(counted, { inputTokens: 7, outputTokens: 3, costUsd: null })
  }
})

const replied = (finish_reason: Finish = 'stop') => ({
  choices: [{ index: 0, message: { content: said }, finish_reason }],
})
const mislabelled: [what: string, contentType: string | null, frames: string[]][] = [
  ...['text/plain', 'text/event-stream', null].flatMap((type): [string, string | null, string[]][] => [
    ['a whole reply', type, [JSON.stringify(replied())]],
    ['a whole reply on many lines', type, [` \n${JSON.stringify(replied(null), null, 2)}\n`]],
  ]),
  ...['application/json', 'text/plain', null].map((type): [string, string | null, string[]] => [
    'a stream',
    type,
    ['\n', ': hello\n\n', ...[...words(said), stop].map(each => `${line(each)}\n\n`), done],
  ]),
  ...['application/x-ndjson', 'application/json'].map((type): [string, string | null, string[]] => [
    'a stream of lines',
    type,
    [...words(said), stop].map(each => `${JSON.stringify(each)}\n`),
  ]),
]
for (const [what, contentType, frames] of mislabelled) {
  test(`${what} is taken, labelled as ${contentType ?? 'nothing'}`, async () => {
    const { body, engine } = await hear(frames, contentType)
    assert.deepEqual([body, engine], [kept, 'stand-in'])
  })
}

test('lines that end in the middle are no answer', async () => {
  const frames = words('In 1932 [2]. And').map(each => `${JSON.stringify(each)}\n`)
  await assert.rejects(hear(frames, 'application/x-ndjson'), { code: 'answer.failed' })
})

test('what a model refuses to say is its answer', async () => {
  const { body, citations } = await hear([piece({ refusal: 'I can not help with that.' }), stop])
  assert.equal(body, 'I can not help with that.')
  assert.deepEqual(citations, [])
})

const cuts: [why: string, finish: string, told: RegExp][] = [
  ['its own length', 'length', /^In 1932 \[0:05\]\. And\n\n\(The answer is cut here: the model came to the end/],
  ...['MAX_TOKENS', 'max_tokens', 'model_length'].map((finish): [string, string, RegExp] => [
    `its own length, as ${finish},`,
    finish,
    /^In 1932 \[0:05\]\. And\n\n\(The answer is cut here: the model came to the end/,
  ]),
  ...['content_filter', 'SAFETY', 'safety', 'RECITATION', 'PROHIBITED_CONTENT'].map(
    (finish): [string, string, RegExp] => [
      `a filter, as ${finish},`,
      finish,
      /^In 1932 \[0:05\]\. And\n\n\(The answer is cut here: a filter/,
    ],
  ),
]
for (const [why, finish, told] of cuts) {
  test(`an answer that ${why} cut is kept, and said to be cut`, async () => {
    const { body, citations } = await hear([...words('In 1932 [2]. And'), piece({}, finish), done])
    assert.match(body, told)
    assert.equal(citations.length, 1)
  })
}

test('one piece of 200,000 characters is bounded before anybody gets it', async () => {
  const { body, parts } = await hear([content('x'.repeat(200_000)), stop])
  assert.ok(Math.max(...parts.map(part => part.length)) <= 8_000)
  assert.match(body, /^x{8000}\n\n\(The answer was too long/)
})

const nothing: [what: string, frames: (object | string)[], contentType?: string][] = [
  ['says nothing but blanks', [content('  '), content('\n'), stop]],
  ['says nothing that is seen', [content('\u200b'), content(' \u2060'), stop]],
  ['only cites what is not there', [...letters(' [99].\n'), stop]],
  ['only cites what is not there, at length', [...letters('[99] [98]'), piece({}, 'length')]],
  ['only thinks', [...words('<think>Hm, excerpt [1]'), piece({}, 'length')]],
  ['calls a tool', [piece({ content: null, tool_calls: [{ index: 0 }] }), piece({}, 'tool_calls')]],
  ['has no choices', [{ choices: [] }, done]],
  ['sends an error first', [{ error: { message: 'secret' } }]],
  ['is a web page', ['<html>Log in</html>'], 'text/html'],
  ['sends no JSON', ['data: {"choices":[{"del\n\n']],
  [
    'sends more in one piece than any says',
    [`data: {"choices":"${'x'.repeat(5 * 1024 * 1024)}`, 'x"}\n\n', ...words(said), stop],
  ],
  ['sends no JSON after its first words', [content('The bridge '), 'data: {"choices":[{"del\n\n', content('fell.')]],
]
for (const [what, frames, contentType] of nothing) {
  test(`a model that ${what} is passed over: quotes come instead`, async () => {
    const { text, body, engine } = await hear(frames, contentType)
    assert.equal(engine, 'extractive')
    assert.equal(text, body)
    assert.match(body, /^The language model did not answer, so I only quote:/)
  })
}

test('an empty first piece is no beginning: what follows may take as long as a first word', async () => {
  async function* late() {
    await new Promise(resolve => setTimeout(resolve, 400))
    yield said
  }
  await using model = await startModelServer(() => ({ ending: 'end', deltas: late() }))
  const patience = { firstMs: 5_000, betweenMs: 150, wholeMs: 10_000 }
  assert.equal((await askModel(model.baseUrl, { question, segments, patience })).body, kept)
})
