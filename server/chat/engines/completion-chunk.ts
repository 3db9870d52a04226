import { BrokenOff } from './model-fault.ts'

/** As the model's server counted them. */
export interface Tokens {
  input: number
  output: number
}

/** What one piece of a completion says, whoever made the server. */
export interface Chunk {
  /** Of the answer; what a model thinks has fields of its own on many servers, and is left out. */
  text: string
  /** What stands in `message`: the text of a whole reply. Some servers say it once more after all its pieces. */
  whole: string
  /** The model has begun, if only to think. */
  isAlive: boolean
  /** Why it ended; null while it goes on. */
  finish: string | null
  /** Null when nobody counted. */
  tokens: Tokens | null
}

type Fields = Record<string, unknown>
const fieldsOf = (value: unknown): Fields => (typeof value === 'object' && value !== null ? (value as Fields) : {})

/** Throws `BrokenOff` for what says that something failed. */
export function readChunk(given: unknown): Chunk {
  const { error, choices, usage } = fieldsOf(given)
  if (error) throw new BrokenOff('its server sent an error')
  const choice = firstOf(choices)
  // Before there was chat, the text stood in the choice itself.
  const { delta = { content: choice.text }, message } = choice
  const [piece, reply] = [fieldsOf(delta), fieldsOf(message)]
  const [text, whole] = [textIn(piece), textIn(reply)]
  const isAlive = [piece, reply].some(
    said => textIn(said) !== '' || [said.reasoning_content, said.reasoning, said.content].some(isSaid),
  )
  const finish = typeof choice.finish_reason === 'string' && choice.finish_reason !== '' ? choice.finish_reason : null
  return { text, whole, isAlive, finish, tokens: tokensOf(fieldsOf(usage)) }
}

/** Of several, which nobody asked for, the one that its server calls the first. */
function firstOf(choices: unknown): Fields {
  const all = Array.isArray(choices) ? choices.map(fieldsOf) : []
  return all.find(choice => choice.index === 0) ?? all[0] ?? {}
}

/** What a model refuses to say is what it says. */
const textIn = ({ content, refusal }: Fields): string => textOf(content) + textOf(refusal)

/** A text, a part that has one, or a list of parts. What is thought in a part of its own is none. */
function textOf(content: unknown): string {
  if (typeof content === 'string') return content
  if (Array.isArray(content)) return content.map(textOf).join('')
  const { type, thought, text, value, refusal } = fieldsOf(content)
  const said = text ?? value ?? refusal
  if (said === undefined || thought === true || /think|thought|reason/i.test(String(type))) return ''
  return textOf(said)
}

const isSaid = (value: unknown): boolean =>
  typeof value === 'string' || Array.isArray(value) ? value.length > 0 : typeof value === 'object' && value !== null

function tokensOf({ prompt_tokens: input, completion_tokens: output }: Fields): Tokens | null {
  const isCount = (count: unknown): count is number => Number.isSafeInteger(count) && (count as number) >= 0
  return isCount(input) && isCount(output) ? { input, output } : null
}

/** Why an answer is not as long as it would be: our limit, the model's own, or the filter of whoever runs it. */
export type Cut = 'too long' | 'length' | 'filter'

/** Every service has words of its own for an end that is none, in small letters or large ones. */
const filtered = /filter|safe|block|prohibit|recitation|spii|refus|sensitiv|guardrail|moderat|policy/i
const tooLong = /length|max|limit|window|truncat/i
const broken =
  /err(?:or)?$|error|abort|cancel|fail|malformed|unexpected|interrupt|insufficient|time_?out|overload|crash/i

/** How a model ended: whole, cut, or broken off by its server. */
export function endingOf(finish: string | null): Cut | 'broken' | null {
  if (finish === null) return null
  if (filtered.test(finish)) return 'filter'
  if (tooLong.test(finish)) return 'length'
  return broken.test(finish) ? 'broken' : null
}
