import type { IncomingMessage } from 'node:http'
import type { Readable } from 'node:stream'
import { Busboy, type BusboyInstance } from '@fastify/busboy'
import { AppError } from '../platform/errors.ts'
import { givenTitle } from './names.ts'

/** What came beside the film, before or after it. */
export interface FormFields {
  title: string | null
  captions: Uint8Array | null
}
export interface MultipartOptions<T> {
  maxFileBytes: number
  maxCaptionsBytes: number
  /** Called with the film's stream as it arrives; `fields` are known when the whole form is read; `signal` aborts when it can't be. */
  onFile: (file: Readable, about: { filename: string; fields: Promise<FormFields>; signal: AbortSignal }) => Promise<T>
}

/** Reads a multipart form as it arrives; the film is never held in memory. Settles when `onFile` has, whoever failed. */
export async function readMultipart<T>(request: IncomingMessage, options: MultipartOptions<T>): Promise<T> {
  const form = openForm(request, options.maxFileBytes)
  const ended = Promise.withResolvers<void>()
  const broken = new AbortController()
  let title: string | null = null
  let captions: Promise<Uint8Array> | null = null
  let taken: Promise<T> | null = null

  const fail = (fault: unknown) => {
    const failure = fault instanceof AppError ? fault : malformed(fault)
    broken.abort(failure)
    ended.reject(failure)
  }
  const readFields = async (): Promise<FormFields> => {
    await ended.promise
    return { title, captions: await captions }
  }
  form.on('field', (name, value) => {
    if (name !== 'title') return
    try {
      title = givenTitle(value) ?? title
    } catch (fault) {
      fail(fault)
    }
  })
  form.on('file', (name, stream, filename) => {
    stream.on('error', fail)
    if (name === 'file' && !taken) {
      const fields = readFields()
      fields.catch(fail)
      taken = options.onFile(stream, { filename, fields, signal: broken.signal })
      taken.catch(fail)
    } else if (name === 'captions' && !captions) {
      captions = collect(stream, options.maxCaptionsBytes)
      captions.catch(fail)
    } else {
      stream.resume()
    }
  })
  form.on('finish', () =>
    taken ? ended.resolve() : fail(new AppError('upload.no_file', 'There is no `file` in the form.')),
  )
  form.on('error', fail)
  const brokeOff = () => fail(new AppError('upload.interrupted', 'The upload broke off.'))
  request.once('aborted', brokeOff)
  // Its sender may have hung up before anybody listened.
  if (request.destroyed) brokeOff()
  else request.pipe(form)

  try {
    await ended.promise
    return await ((taken as Promise<T> | null) ?? Promise.reject(malformed('empty')))
  } catch (fault) {
    await Promise.allSettled([taken])
    throw fault
  } finally {
    request.unpipe(form)
  }
}

function openForm(request: IncomingMessage, maxFileBytes: number): BusboyInstance {
  const contentType = request.headers['content-type'] ?? ''
  if (!contentType.startsWith('multipart/form-data')) {
    throw new AppError('request.invalid', 'A multipart/form-data body with a `file` is wanted.')
  }
  try {
    return new Busboy({
      headers: { ...request.headers, 'content-type': contentType },
      // One byte more than is taken: whoever counts must see that it was too many.
      limits: { fileSize: maxFileBytes + 1, files: 4, fields: 20, fieldSize: 10_000, parts: 30 },
      highWaterMark: 1024 * 1024,
      fileHwm: 1024 * 1024,
    })
  } catch (fault) {
    throw malformed(fault)
  }
}

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

const malformed = (fault: unknown) =>
  new AppError(
    'request.invalid',
    `The form can't be read: ${fault instanceof Error ? fault.message : 'it is malformed'}`,
    { cause: fault },
  )
