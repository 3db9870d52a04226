/** One event of a `text/event-stream` (HTML Living Standard, section 9.2). */
export interface ServerSentEvent {
  event: string
  data: string
  /** Null where the event has none. */
  id: string | null
}

const longestEventBytes = 4 * 1024 * 1024

/** Reads events as they arrive, whatever pieces they come in. Ends with the stream. */
export async function* readServerSentEvents(body: ReadableStream<Uint8Array>): AsyncGenerator<ServerSentEvent> {
  const decoder = new TextDecoder()
  let rest = ''
  const reader = body.getReader()
  try {
    for (;;) {
      const { done, value } = await reader.read()
      if (done) return
      rest += decoder.decode(value, { stream: true })
      // A CR at the very end may be the first half of a CRLF: it waits for what follows.
      const blocks = rest.split(/\r\n\r\n|\n\n|\r\r(?!\n)/)
      rest = blocks.pop() ?? ''
      if (rest.length > longestEventBytes) throw new Error('An event of the answer is longer than any should be.')
      for (const block of blocks) {
        const event = parseBlock(block)
        if (event) yield event
      }
    }
  } finally {
    // Whoever stops reading early lets the server know; a stream that failed can't be cancelled any more.
    await reader.cancel().catch(() => {})
  }
}

/** "If the line starts with a U+003A COLON character (:), ignore the line." Without data there is no event. */
function parseBlock(block: string): ServerSentEvent | null {
  let event = 'message'
  let id: string | null = null
  const data: string[] = []
  for (const line of block.split(/\r\n|\n|\r/)) {
    const [, field, value] = /^([^:]+):? ?(.*)$/s.exec(line) ?? []
    if (field === 'event') event = value ?? ''
    if (field === 'id') id = value ?? ''
    if (field === 'data') data.push(value ?? '')
  }
  return data.length > 0 ? { event, data: data.join('\n'), id } : null
}
