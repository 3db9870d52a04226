import type { IncomingMessage } from 'node:http'
import { Writable } from 'node:stream'
import { Busboy, type BusboyInstance } from '@fastify/busboy'
import { AppError } from '../platform/errors.ts'

export interface FormLimits {
  maxFileBytes: number
  /** Of all that is sent, whatever it is. */
  maxFormBytes: number
}
export interface Form {
  parts: BusboyInstance
  /** Takes what is sent. */
  body: Writable
}

const partLimits = { files: 4, fields: 20, fieldSize: 10_000, parts: 30, headerPairs: 100, headerSize: 16 * 1024 }
/** RFC 2046, section 5.1.1: "no longer than 70 characters". */
const boundaryIn = /;\s*boundary=(?:"([^"]{1,70})"|([^\s;"]{1,70}))\s*(?:;|$)/i

/** A parser for the form that this request brings, and `fail` for whatever is wrong with it. Throws `request.invalid`. */
export function openForm(request: IncomingMessage, limits: FormLimits, fail: (fault: unknown) => void): Form {
  const { 'content-type': contentType = '' } = request.headers
  if (!/^multipart\/form-data\b/i.test(contentType))
    throw new AppError('request.invalid', 'A multipart/form-data body with a `file` is wanted.')
  const [, quoted, boundary = quoted] = boundaryIn.exec(contentType) ?? []
  if (boundary === undefined)
    throw new AppError('request.invalid', 'The form names no boundary of 1 to 70 characters in its content type.')
  const parts = new Busboy({
    headers: { 'content-type': `multipart/form-data; boundary="${boundary}"` },
    // One byte more than is taken: whoever counts must see that it was too many.
    limits: { ...partLimits, fileSize: limits.maxFileBytes + 1 },
    highWaterMark: 1024 * 1024,
    fileHwm: 1024 * 1024,
  })
  let hasBegun = false
  parts.on('error', fault => fail(hasBegun ? endsInTheMiddle(fault) : malformed(fault)))
  for (const limit of ['partsLimit', 'filesLimit', 'fieldsLimit'] as const)
    parts.on(limit, () => fail(new AppError('request.too_large', 'The form has too many parts.')))
  const findBegin = createFinder(`--${boundary}`)
  const findEnd = createFinder(`\r\n--${boundary}--`)
  const look = (chunk: Buffer) => {
    hasBegun ||= findBegin(chunk) !== null
    return findEnd(chunk)
  }
  return { parts, body: bodyOf(parts, { look, maxBytes: limits.maxFormBytes }).on('error', fail) }
}

interface Body {
  /** Where in the chunk the form is over. */
  look: (chunk: Buffer) => number | null
  maxBytes: number
}

/** The parser may throw, too: it is called by the socket, where nobody would catch it. */
function bodyOf(parts: BusboyInstance, { look, maxBytes }: Body): Writable {
  let sizeBytes = 0
  let isOver = false
  return new Writable({
    write(chunk: Buffer, _encoding, done) {
      // "implementations must ignore text that appears [...] after the last boundary delimiter line" (RFC 2046, 5.1.1).
      if (isOver) return done()
      sizeBytes += chunk.length
      if (sizeBytes > maxBytes) return done(tooMuch(maxBytes))
      const end = look(chunk)
      isOver = end !== null
      // Nobody waits for what may still come: the form is there.
      if (end !== null) attempt(() => parts.end(chunk.subarray(0, end), () => done()), done)
      else attempt(() => parts.write(chunk, fault => done(fault)), done)
    },
    final: done => (isOver ? done() : attempt(() => parts.end(() => done()), done)),
  })
}

/** Finds a text in what comes in pieces. Answers where in the piece it ends. */
function createFinder(text: string): (chunk: Buffer) => number | null {
  const most = text.length - 1
  let before: Buffer = Buffer.alloc(0)
  return chunk => {
    const seam = Buffer.concat([before, chunk.subarray(0, most)])
    const across = seam.indexOf(text, 0, 'latin1')
    const within = across === -1 ? chunk.indexOf(text, 0, 'latin1') : across - before.length
    // A copy: the memory of what came is handed on to the thread that writes.
    before = Buffer.from(chunk.length < most ? seam.subarray(-most) : chunk.subarray(-most))
    return across === -1 && within === -1 ? null : within + text.length
  }
}

function attempt(work: () => void, failed: (fault: Error) => void): void {
  try {
    work()
  } catch (fault) {
    failed(malformed(fault))
  }
}

const tooMuch = (maxBytes: number) =>
  new AppError('upload.too_large', `The form is larger than ${maxBytes} bytes.`, { details: { maxBytes } })

const endsInTheMiddle = (cause: unknown) =>
  new AppError('upload.interrupted', 'The form ends in the middle of a part.', { cause })

const malformed = (cause: unknown) =>
  new AppError(
    'request.invalid',
    `The form can't be read: ${cause instanceof Error ? cause.message : 'it is malformed'}.`,
    { cause },
  )
