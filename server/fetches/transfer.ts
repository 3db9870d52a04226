import type { IncomingMessage } from 'node:http'
import { pipeline } from 'node:stream/promises'
import { type CheckFile, createMeter, tooLarge } from '../intake/index.ts'
import { AppError } from '../platform/errors.ts'
import type { Answer, Sites } from '../platform/outbound/index.ts'
import { answerFault } from './answer-fault.ts'
import type { PartFile, Version } from './part-file.ts'
import { versionOf } from './versions.ts'

export interface Transfer {
  url: URL
  part: PartFile
  /** The name of a film that says none. */
  otherwise: string
  /** Called before its bytes come. Throws when they are not wanted. */
  onVersion(version: Version): Promise<void>
  /** Called with how many there are, and how many came just now. */
  onBytes(sizeBytes: number, moreBytes: number): void
}

/**
 * Brings a film into its part file, after what is there of the same version, or from its beginning. Throws
 * `fetch.failed` when it broke off: what came stays.
 */
export async function transfer(sites: Pick<Sites, 'ask'>, film: Transfer, check: CheckFile): Promise<Version> {
  const { version: before, sizeBytes } = await film.part.find()
  if (before && sizeBytes > 0 && sizeBytes === before.totalBytes) {
    await film.onVersion(before)
    return before
  }
  const goesOn = before?.validator && sizeBytes > 0
  const rest = goesOn ? { range: `bytes=${sizeBytes}-`, 'if-range': before.validator ?? '' } : {}
  const headers = { 'user-agent': 'Rushes', accept: '*/*', 'accept-encoding': 'identity', ...rest }
  const answer = await sites.ask(film.url, { headers, signal: check.signal })
  try {
    const version = versionOf(answer, film.otherwise)
    const isRest = Boolean(goesOn) && isRestOf(answer, version, { before, sizeBytes })
    if (goesOn && !isRest && rangeAnswers.has(answer.body.statusCode)) {
      // Whatever it is, it goes on with nothing that is here.
      await film.part.remove()
      answer.body.destroy()
      return await transfer(sites, film, check)
    }
    await receive(answer, { film, version, afterBytes: isRest ? sizeBytes : 0 }, check)
    return version
  } finally {
    answer.body.destroy()
  }
}

/** A range, and the refusal of one. */
const rangeAnswers: ReadonlySet<unknown> = new Set([206, 416])

interface Receiving {
  film: Transfer
  version: Version
  afterBytes: number
}

async function receive(answer: Answer, { film, version, afterBytes }: Receiving, check: CheckFile): Promise<void> {
  const { url, body } = answer
  const fault = answerFault(answer, afterBytes > 0)
  if (fault) throw fault
  const { totalBytes } = version
  if (totalBytes !== null && totalBytes > check.maxBytes) throw tooLarge(check.maxBytes)
  await film.onVersion(version)
  if (afterBytes === 0) await film.part.begin(version)
  let sizeBytes = afterBytes
  const onBytes = (now: number) => {
    film.onBytes(now, now - sizeBytes)
    sizeBytes = now
  }
  const meter = createMeter({ ...check, afterBytes, onBytes })
  const sink = check.writer.sink(film.part.path, { offset: afterBytes, keep: true })
  try {
    await pipeline(body, meter, sink, { signal: check.signal })
  } catch (cause) {
    throw check.signal.aborted ? check.signal.reason : bodyFault(url, body, cause)
  } finally {
    // Nobody may look at the file before it is written as far as it came. Not `once`: it would not wait after an error.
    if (!sink.closed) await new Promise<void>(done => sink.once('close', () => done()))
  }
  if (totalBytes !== null && sizeBytes !== totalBytes) throw brokeOff(url)
}

interface Here {
  before: Version | null
  sizeBytes: number
}

/** The rest of what is here: of the same version, from where it ends. */
function isRestOf({ body: { statusCode, headers } }: Answer, version: Version, { before, sizeBytes }: Here): boolean {
  const { validator = null, totalBytes = null } = before ?? {}
  const told = validator?.startsWith('"') ? headers.etag : headers['last-modified']
  const isSameVersion = told === undefined || told === validator
  const isSameSize = totalBytes === null || version.totalBytes === totalBytes
  const isFromHere = headers['content-range']?.startsWith(`bytes ${sizeBytes}-`) === true
  return statusCode === 206 && isFromHere && isSameVersion && isSameSize
}

function bodyFault(url: URL, body: IncomingMessage, fault: unknown): unknown {
  if (fault instanceof AppError) return fault
  const isTheirs = fault === body.errored || (fault as { code?: string }).code === 'ERR_STREAM_PREMATURE_CLOSE'
  return isTheirs ? brokeOff(url, fault) : fault
}

const brokeOff = ({ host }: URL, cause?: unknown) =>
  new AppError('fetch.failed', `${host} broke off in the middle of the film. Try again later.`, { cause })
