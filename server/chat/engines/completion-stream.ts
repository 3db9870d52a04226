import { createParser } from 'eventsource-parser'
import { BrokenOff, Garbled } from './model-fault.ts'

/** A piece of a completion, as JSON; or the word that there are no more. */
export type Piece = { json: unknown } | 'done'

/** An event is one word, as a rule; a whole reply is some kilobytes. */
const mostCharacters = 4 * 1024 * 1024

/** The pieces of a response: server-sent events, or a whole reply by servers that don't stream. */
export async function* readPieces(response: Response): AsyncGenerator<Piece> {
  const type = response.headers.get('content-type') ?? ''
  const body = response.body?.pipeThrough(new TextDecoderStream())
  if (!body) throw new BrokenOff('it said nothing')
  if (/\bjson\b/.test(type)) {
    yield { json: parse(await whole(body)) }
    yield 'done'
  } else if (/\bhtml\b/.test(type)) throw new BrokenOff('a web page came instead of an answer')
  else yield* events(body)
}

type Event = { event?: string | undefined; data: string }

async function* events(body: ReadableStream<string>): AsyncGenerator<Piece> {
  const ready: Event[] = []
  let sinceEvent = 0
  const parser = createParser({
    onEvent(event) {
      ready.push(event)
      sinceEvent = 0
    },
  })
  const take = (): Event[] => ready.splice(0)
  // An event ends with an empty line, which not every server sends after its last one; half of one is none.
  const takeLast = (): Event[] => {
    parser.feed('\n\n')
    return take().filter(isReadable)
  }
  const reader = body.getReader()
  for (;;) {
    const read = await reader.read().catch((fault: unknown) => ({ fault, value: undefined }))
    if (read.value === undefined) {
      for (const event of takeLast()) yield* piecesOf(event)
      if ('fault' in read) throw read.fault
      return
    }
    sinceEvent += read.value.length
    parser.feed(read.value)
    if (sinceEvent > mostCharacters) throw new Garbled()
    for (const event of take()) yield* piecesOf(event)
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

async function whole(body: ReadableStream<string>): Promise<string> {
  let text = ''
  for await (const part of body) {
    text += part
    if (text.length > mostCharacters) throw new Garbled()
  }
  return text
}

function parse(data: string): unknown {
  try {
    return JSON.parse(data)
  } catch {
    throw new Garbled()
  }
}
