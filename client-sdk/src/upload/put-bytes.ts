import { networkError, RushesError } from '../rushes-error.ts'
import { streamOf } from './stream-of.ts'
import type { UploadSource } from './upload-source.ts'

/** Some bytes of a film, and where they go. */
export interface BytesPut {
  url: string
  source: UploadSource
  /** The whole when not given; `end` is exclusive. */
  span?: { start: number; end: number }
  fetch: typeof globalThis.fetch
  /** XMLHttpRequest tells how much has left, and sends a `Blob` as it is. */
  isBrowser: boolean
  signal: AbortSignal | undefined
  onSent: (sentBytes: number) => void
}
/** What was answered, whoever did. */
export interface PutAnswer {
  status: number
  text: string
  etag: string | null
}

/** One PUT, without any key. Throws `network`, or the signal's reason; a status that refuses is an answer. */
export function putBytes(put: BytesPut): Promise<PutAnswer> {
  const { source, span, isBrowser } = put
  if (isBrowser && source.blob) return putByXhr(put, span ? source.blob.slice(span.start, span.end) : source.blob)
  return putByStream(put)
}

function putByXhr({ url, signal, onSent }: BytesPut, body: Blob): Promise<PutAnswer> {
  const request = new XMLHttpRequest()
  const abort = () => request.abort()
  return new Promise<PutAnswer>((resolve, reject) => {
    signal?.throwIfAborted()
    request.upload.onprogress = ({ loaded }) => onSent(loaded)
    request.onload = () =>
      resolve({ status: request.status, text: request.responseText, etag: request.getResponseHeader('etag') })
    request.onerror = () => reject(broken(undefined))
    request.onabort = () => reject(signal?.reason)
    signal?.addEventListener('abort', abort, { once: true })
    request.open('PUT', url)
    request.send(body)
  }).finally(() => signal?.removeEventListener('abort', abort))
}

async function putByStream({ url, source, span, fetch, signal, onSent }: BytesPut): Promise<PutAnswer> {
  const sizeBytes = span ? span.end - span.start : source.sizeBytes
  if (sizeBytes === null) throw new RushesError('request.invalid', 'Say how large this stream is: `sizeBytes`.')
  const bytes = span ? source.from?.(span.start, span.end) : source.bytes()
  if (!bytes) throw new RushesError('request.invalid', 'A stream can not be sent in parts.')
  const counted = async function* () {
    let sentBytes = 0
    for await (const chunk of bytes) {
      yield chunk
      sentBytes += chunk.byteLength
      onSent(sentBytes)
    }
  }
  try {
    const response = await fetch(url, {
      method: 'PUT',
      headers: { 'content-length': String(sizeBytes), 'content-type': 'application/octet-stream' },
      body: streamOf(counted()),
      // As for the form: a stream as the body, and no second copy of it for a redirect.
      duplex: 'half',
      redirect: 'error',
      window: null,
      ...(signal ? { signal } : {}),
    } as RequestInit)
    return { status: response.status, text: await response.text(), etag: response.headers.get('etag') }
  } catch (fault) {
    throw signal?.aborted ? signal.reason : broken(fault)
  }
}

const broken = (fault: unknown) => networkError(fault, 'The connection broke while the film was sent.')
