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
  if (/\bjson\b/.test(type)) yield { json: parse(await whole(body)) }
  else if (/\bhtml\b/.test(type)) throw new BrokenOff('a web page came instead of an answer')
  else yield* events(body)
}

async function* events(body: ReadableStream<string>): AsyncGenerator<Piece> {
  let ready: string[] = []
  let sinceEvent = 0
  const parser = createParser({
    onEvent({ data }) {
      ready.push(data)
      sinceEvent = 0
    },
  })
  for await (const text of body) {
    sinceEvent += text.length
    parser.feed(text)
    if (sinceEvent > mostCharacters) throw new Garbled()
    for (const data of ready) yield data.trim() === '[DONE]' ? 'done' : { json: parse(data) }
    ready = []
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
