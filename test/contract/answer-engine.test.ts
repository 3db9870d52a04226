import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createExtractiveEngine } from '../../server/chat/engines/extractive.ts'
import { createOpenAiEngine } from '../../server/chat/engines/openai.ts'
import { createAnswerEngines } from '../../server/chat/engines/rungs.ts'
import { type Behaviour, type ModelRequest, startModelServer } from '../chat/model-server.ts'
import { type AnswerEngineUnderTest, type AnswerEngineWays, answerEngineContract } from './answer-engine.ts'

const patience = { firstMs: 5_000, betweenMs: 5_000, wholeMs: 20_000 }
const stopsNothing = { [Symbol.asyncDispose]: async () => {} }

/** Says that it knows each excerpt, last one first, and cites what is not there as well, in the pieces of a stream that ends in a marker. */
function saysWhatItReads({ messages }: ModelRequest): Behaviour {
  const numbers = [...(messages.at(-1)?.content ?? '').matchAll(/^\[(\d+)\]/gm)].map(([, number = '']) => number)
  const cited = numbers.toReversed().map(number => `This is said [${number}]. `)
  const answer = `I read it. ${cited.join('')}At [9:59] it is not [99] (see [`
  return { ending: 'end', deltas: answer.match(/.{1,5}/gs) ?? [] }
}

async function openOpenAi(behave: (request: ModelRequest) => Behaviour): Promise<AnswerEngineUnderTest> {
  const model = await startModelServer(behave)
  const engine = createOpenAiEngine({ baseUrl: model.baseUrl, model: 'stand-in' }, patience)
  return { engine, [Symbol.asyncDispose]: () => model[Symbol.asyncDispose]() }
}

/** Every answer engine, by its name. */
const engines: Record<string, AnswerEngineWays> = {
  openai: {
    works: () => openOpenAi(saysWhatItReads),
    breaks: () => openOpenAi(() => ({ status: 500 })),
    isAbsent: async () => ({ engine: createOpenAiEngine({ model: 'stand-in' }, patience), ...stopsNothing }),
  },
  extractive: {
    works: async () => ({ engine: createExtractiveEngine(), ...stopsNothing }),
  },
}

for (const [name, ways] of Object.entries(engines)) answerEngineContract(name, ways)

test('every answer engine that the server has is here', () => {
  assert.deepEqual(
    createAnswerEngines({ model: 'stand-in' }, patience).map(({ name }) => name),
    Object.keys(engines),
  )
})
