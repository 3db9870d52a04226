import type { IncomingMessage } from 'node:http'
import type { Readable } from 'node:stream'
import { type Beside, givenTitle } from '../intake/index.ts'
import { AppError, fail } from '../platform/errors.ts'
import { type FormLimits, openForm } from './open-form.ts'

export interface MultipartOptions<T> extends FormLimits {
  maxCaptionsBytes: number
  /** Called with the film's stream as it arrives; what came `beside` it is known when the whole form is read; `signal` aborts when it can't be. */
  onFile: (file: Readable, about: { filename: string; beside: Promise<Beside>; signal: AbortSignal }) => Promise<T>
}

/** Reads a multipart form as it arrives; the film is never held in memory. Settles when `onFile` has, whoever failed. */
export async function readMultipart<T>(request: IncomingMessage, options: MultipartOptions<T>): Promise<T> {
  const ended = Promise.withResolvers<void>()
  const broken = new AbortController()
  let title: string | null = null
  let captions: Promise<Uint8Array> | null = null
  let taken: Promise<T> | null = null

  const giveUp = (fault: unknown) => {
    broken.abort(fault)
    ended.reject(fault)
  }
  const { parts, body } = openForm(request, options, giveUp)
  const readBeside = async (): Promise<Beside> => {
    await ended.promise
    return { title, captions: await captions }
  }
  parts.on('field', (name, value) => {
    if (name !== 'title') return
    try {
      title = givenTitle(value) ?? title
    } catch (fault) {
      giveUp(fault)
    }
  })
  parts.on('file', (name, stream, filename) => {
    // From its first moment: it breaks when the form does, which is told, whether anybody reads it by then or not.
    stream.on('error', () => {})
    if (name === 'file' && !taken) {
      const beside = readBeside()
      beside.catch(giveUp)
      taken = options.onFile(stream, { filename, beside, signal: broken.signal })
      taken.catch(giveUp)
    } else if (name === 'captions' && !captions) {
      captions = collect(stream, options.maxCaptionsBytes)
      captions.catch(giveUp)
    } else {
      stream.resume()
    }
  })
  parts.on('finish', () => (taken ? ended.resolve() : giveUp(noFile())))
  const brokeOff = () => giveUp(fail('upload.interrupted'))
  request.once('aborted', brokeOff)
  // Its sender may have hung up before anybody listened.
  if (request.destroyed) brokeOff()
  else request.pipe(body)

  try {
    await ended.promise
    return await ((taken as Promise<T> | null) ?? Promise.reject(noFile()))
  } catch (fault) {
    await Promise.allSettled([taken])
    throw fault
  } finally {
    request.unpipe(body)
  }
}

const noFile = () => new AppError('upload.no_file', 'There is no `file` in the form.')

async function collect(stream: Readable, maxBytes: number): Promise<Uint8Array> {
  const parts: Buffer[] = []
  let sizeBytes = 0
  for await (const part of stream as AsyncIterable<Buffer>) {
    sizeBytes += part.length
    if (sizeBytes > maxBytes) {
      throw captionsTooLarge(maxBytes)
    }
    parts.push(part)
  }
  return Buffer.concat(parts)
}

export const captionsTooLarge = (maxBytes: number) =>
  new AppError('upload.too_large', `The captions are larger than ${maxBytes} bytes (MAX_CAPTIONS_BYTES).`, {
    details: { maxBytes },
  })
