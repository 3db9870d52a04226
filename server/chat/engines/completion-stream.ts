import { createParser } from 'eventsource-parser'
import { BrokenOff, Garbled } from './model-fault.ts'

/** A piece of a completion, as JSON; or the word that there are no more. */
export type Piece = { json: unknown } | 'done'

/** An event is one word, as a rule; a whole reply is some kilobytes. */
const mostCharacters = 4 * 1024 * 1024

/**
 * The pieces of a response: server-sent events, or JSON by servers that don't stream so. What it is, its first
 * character says: its type says it wrongly, or not at all, on some servers.
 */
export async function* readPieces(response: Response): AsyncGenerator<Piece> {
  const body = response.body?.pipeThrough(new TextDecoderStream())
  if (!body) throw new BrokenOff('it said nothing')
  const reader = body.getReader()
  let first: string | undefined = ''
  while (first === '') first = (await reader.read()).value?.trimStart()
  if (first === undefined) throw new BrokenOff('it said nothing')
  if (first.startsWith('<')) throw new BrokenOff('a web page came instead of an answer')
  yield* first.startsWith('{') ? objects(first, reader) : events(first, reader)
}

type Reader = ReadableStreamDefaultReader<string>
type Event = { event?: string | undefined; data: string }

async function* events(first: string, reader: Reader): AsyncGenerator<Piece> {
  const ready: Event[] = []
  const parser = createParser({
    maxBufferSize: mostCharacters,
    onEvent: event => ready.push(event),
    onError(fault) {
      if (fault.type === 'max-buffer-size-exceeded') throw new Garbled()
    },
  })
  const take = (): Event[] => ready.splice(0)
  // An event ends with an empty line, which not every server sends after its last one; half of one is none.
  const takeLast = (): Event[] => {
    parser.feed('\n\n')
    return take().filter(isReadable)
  }
  for (let text = first; ; ) {
    parser.feed(text)
    for (const event of take()) yield* piecesOf(event)
    const read = await reader.read().catch((fault: unknown) => ({ fault, value: undefined }))
    if (read.value === undefined) {
      for (const event of takeLast()) yield* piecesOf(event)
      if ('fault' in read) throw read.fault
      return
    }
    text = read.value
  }
}

const isEnd = (data: string): boolean => data.trim() === '[DONE]'

/** None for what only says that the server is still there. */
function* piecesOf({ event, data }: Event): Generator<Piece> {
  if (event === 'error') throw new BrokenOff('its server sent an error')
  if (data.trim() === '' || /^(?:ping|heartbeat|keep-?alive)$/i.test(event ?? '')) return
  yield isEnd(data) ? 'done' : { json: parse(data) }
}

function isReadable({ event, data }: Event): boolean {
  try {
    return event === 'error' || isEnd(data) || JSON.parse(data) !== undefined
  } catch {
    return false
  }
}

/** A whole reply, on as many lines as it likes; or one piece a line. */
async function* objects(first: string, reader: Reader): AsyncGenerator<Piece> {
  let held = ''
  let count = 0
  for (let text: string | undefined = first; text !== undefined; text = (await reader.read()).value) {
    // Within an object nothing opens after another one without a comma.
    const parts = (held + text).split(/(?<=\})\s*\n(?=[{[])/)
    const last = parts.pop() ?? ''
    const isWhole = /\}\s*\n$/.test(last) && isReadable({ data: last })
    held = isWhole ? '' : last
    if (held.length > mostCharacters) throw new Garbled()
    for (const data of isWhole ? [...parts, last] : parts) {
      count++
      yield* piecesOf({ data })
    }
  }
  if (held.trim() !== '') count++
  yield* piecesOf({ data: held })
  // A reply that came alone is whole, whatever it says.
  if (count === 1) yield 'done'
}

function parse(data: string): unknown {
  try {
    return JSON.parse(data)
  } catch {
    throw new Garbled()
  }
}
