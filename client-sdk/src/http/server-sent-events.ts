import { createParser, type EventSourceMessage } from 'eventsource-parser'

const longestEventCharacters = 4 * 1024 * 1024

/** Reads events (HTML Living Standard, section 9.2) as they arrive, whatever pieces they come in. Ends with the stream. */
export async function* readServerSentEvents(body: ReadableStream<Uint8Array>): AsyncGenerator<EventSourceMessage> {
  const decoder = new TextDecoder()
  const ready: EventSourceMessage[] = []
  const parser = createParser({
    maxBufferSize: longestEventCharacters,
    onEvent: event => ready.push(event),
    onError(fault) {
      if (fault.type === 'max-buffer-size-exceeded') throw fault
    },
  })
  const reader = body.getReader()
  try {
    for (;;) {
      const { done, value } = await reader.read()
      if (done) return
      parser.feed(decoder.decode(value, { stream: true }))
      yield* ready.splice(0)
    }
  } finally {
    // Whoever stops reading early lets the server know; a stream that failed can't be cancelled any more.
    await reader.cancel().catch(() => {})
  }
}
