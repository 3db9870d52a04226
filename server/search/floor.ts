import type { Embedder } from './engine.ts'

/** Nothing to do with each other, nor with most films; the last two mean nothing at all. */
const questions = [
  'How do I change the strings of a guitar?',
  'the price of wheat last winter',
  'Which train goes to the airport?',
  'symptoms of a cold in children',
  'brimful quondle atrivex',
  'zorpt mellikan vuthry osk',
]
const statements = [
  'The committee will meet again on Thursday to vote on the new by-laws.',
  'Fold the egg whites into the chocolate, slowly, so that they keep their air.',
  'Her second novel is set in a lighthouse at the edge of a dying village.',
  'You compile the program first, and then you run it with two arguments.',
  'They lost the final by a single goal in the last minute.',
  'Glaciers carve valleys over thousands of years, grain by grain.',
  'So, yeah, I think we should, you know, just go ahead with it.',
  'My grandfather kept bees behind the house, four hives in a row.',
]
/** No model's word is taken below this: what most of them give to chance. */
const leastFloor = 0.3
const greatestFloor = 0.9

/**
 * How similar a text must be to a query before it means anything, for this model: above what texts without any relation
 * reach. It differs widely: some models never go under 0.7. One outlier in a thousand may still pass.
 */
export async function measureFloor(engine: Embedder, signal: AbortSignal): Promise<number> {
  const asked = await engine.embed(questions, { signal, kind: 'query' })
  const said = await engine.embed(statements, { signal, kind: 'passage' })
  const chance = asked.flatMap(question => said.map(statement => similarity(question, statement)))
  const mean = average(chance)
  const deviation = Math.sqrt(average(chance.map(value => (value - mean) ** 2)))
  return Math.min(greatestFloor, Math.max(leastFloor, mean + 3 * deviation))
}

/** Of vectors of length 1. */
const similarity = (a: Float32Array, b: Float32Array): number =>
  a.reduce((sum, value, at) => sum + value * (b[at] ?? 0), 0)
const average = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length
