import { errorFromBody } from '../http/call.ts'
import { mayPass } from '../may-pass.ts'
import { RushesError } from '../rushes-error.ts'
import { type BytesPut, putBytes } from './put-bytes.ts'
import { retrying } from './retrying.ts'

interface Address {
  number: number
  url: string
  sizeBytes: number
}
export interface PartsPlan {
  partSizeBytes: number
  count: number
  /** Addresses for these parts, fresh ones. */
  sign(numbers: number[]): Promise<Address[]>
}
export interface SentPart {
  number: number
  etag: string
}

const sideBySide = 3
const signedAtOnce = 20

/** Sends a film in parts, three at a time. One that fails for good ends the others. */
export async function putParts(plan: PartsPlan, put: Omit<BytesPut, 'url'>): Promise<SentPart[]> {
  const failed = new AbortController()
  const signal = put.signal ? AbortSignal.any([put.signal, failed.signal]) : failed.signal
  const addressOf = createAddresses(plan)
  const sentBytes: number[] = []
  const onSent = (number: number, bytes: number) => {
    sentBytes[number] = bytes
    put.onSent(sentBytes.reduce((sum, each) => sum + each, 0))
  }
  const sendOne = async (number: number): Promise<SentPart> => {
    const { url, sizeBytes } = await addressOf(number)
    const start = (number - 1) * plan.partSizeBytes
    const span = { start, end: start + sizeBytes }
    const { status, text, etag } = await putBytes({ ...put, url, span, signal, onSent: bytes => onSent(number, bytes) })
    if (status > 299) throw errorFromBody(text, status)
    if (etag === null) throw new RushesError('request.invalid', noEtag)
    return { number, etag }
  }

  const sent: SentPart[] = []
  let next = 1
  const work = async () => {
    while (next <= plan.count) {
      const number = next++
      sent[number - 1] = await retrying(() => sendOne(number), signal, mayPassWhenSignedAnew)
    }
  }
  const workers = Array.from({ length: sideBySide }, () =>
    work().catch(fault => {
      failed.abort(fault)
      throw fault
    }),
  )
  // All of them have ended before anybody forgets the parts.
  await Promise.allSettled(workers)
  if (signal.aborted) throw signal.reason
  return sent
}

const noEtag = 'The object store does not show the `ETag` of its parts: its CORS rules have to expose that header.'

/** 403: the address has expired. */
const mayPassWhenSignedAnew = (fault: unknown): boolean =>
  mayPass(fault) || (fault instanceof RushesError && fault.status === 403)

/** Signed some at a time; each is used once, so that what is tried again gets a fresh one. */
function createAddresses({ sign, count }: PartsPlan): (number: number) => Promise<Address> {
  const signed = new Map<number, Promise<Address>>()
  const ask = (numbers: number[]) => {
    const answers = sign(numbers)
    for (const number of numbers) {
      const one = answers.then(parts => foundIn(parts, number))
      // Whoever asks for it hears of its fault.
      one.catch(() => {})
      signed.set(number, one)
    }
  }
  let upTo = 0
  return number => {
    if (number > upTo) {
      const from = upTo + 1
      upTo = Math.min(upTo + signedAtOnce, count)
      ask(Array.from({ length: upTo - from + 1 }, (_, index) => from + index))
    }
    const address = signed.get(number)
    signed.delete(number)
    return address ?? sign([number]).then(parts => foundIn(parts, number))
  }
}

function foundIn(parts: Address[], number: number): Address {
  const found = parts.find(part => part.number === number)
  if (found) return found
  throw new RushesError('server.internal', `The server gave no address for part ${number}.`)
}
