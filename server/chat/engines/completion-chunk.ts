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
  const choice = fieldsOf(Array.isArray(choices) ? choices[0] : undefined)
  const [piece, message] = [fieldsOf(choice.delta), fieldsOf(choice.message)]
  const [text, whole] = [textIn(piece), textIn(message)]
  const isAlive = [piece, message].some(
    said => textIn(said) !== '' || [said.reasoning_content, said.reasoning, said.content].some(isSaid),
  )
  const finish = typeof choice.finish_reason === 'string' && choice.finish_reason !== '' ? choice.finish_reason : null
  return { text, whole, isAlive, finish, tokens: tokensOf(fieldsOf(usage)) }
}

/** What a model refuses to say is what it says. */
const textIn = ({ content, refusal }: Fields): string => textOf(content) + textOf(refusal)

/** A text, or a list of parts of which some are text. */
function textOf(content: unknown): string {
  if (typeof content === 'string') return content
  if (!Array.isArray(content)) return ''
  return content
    .map(part => (typeof part === 'string' ? part : fieldsOf(part).type === 'text' ? textOf(fieldsOf(part).text) : ''))
    .join('')
}

const isSaid = (value: unknown): boolean => (Array.isArray(value) || typeof value === 'string') && value.length > 0

function tokensOf({ prompt_tokens: input, completion_tokens: output }: Fields): Tokens | null {
  const isCount = (count: unknown): count is number => Number.isSafeInteger(count) && (count as number) >= 0
  return isCount(input) && isCount(output) ? { input, output } : null
}
