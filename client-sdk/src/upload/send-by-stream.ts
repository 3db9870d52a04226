import { networkError } from '../rushes-error.ts'
import { buildForm } from './multipart.ts'
import type { Sending, UploadForm } from './sending.ts'
import { streamOf } from './stream-of.ts'
import type { UploadSource } from './upload-source.ts'

/** Sends the form as a stream, counting what leaves: Node, and whoever brings a `fetch` of their own. */
export async function sendByStream(
  form: UploadForm,
  source: UploadSource,
  { url, headers, signal, onSent, fetch }: Sending & { fetch: typeof globalThis.fetch },
): Promise<{ status: number; text: string }> {
  const { contentType, before, after } = await buildForm(form)
  let readFault: { cause: unknown } | null = null
  const chunks = async function* () {
    yield before
    let sentBytes = 0
    try {
      for await (const chunk of source.bytes()) {
        yield chunk
        sentBytes += chunk.byteLength
        onSent(sentBytes)
      }
    } catch (cause) {
      readFault = { cause }
      throw cause
    }
    yield after
  }
  const length =
    source.sizeBytes === null ? {} : { 'content-length': String(before.length + source.sizeBytes + after.length) }
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: { ...headers, accept: 'application/json', 'content-type': contentType, ...length },
      body: streamOf(chunks()),
      // Without it a stream as the body is refused (Fetch Standard, "duplex").
      duplex: 'half',
      // Node's `fetch` else keeps a second copy of the whole body, for a redirect that might come: with 1.5 GB sent it
      // held 1.5 GB. These two together say that none will be followed (Fetch Standard, "HTTP-network-or-cache fetch").
      redirect: 'error',
      window: null,
      ...(signal ? { signal } : {}),
    } as RequestInit)
    return { status: response.status, text: await response.text() }
  } catch (fault) {
    if (signal?.aborted) throw signal.reason
    // `fetch` hides why its body broke off; whoever gave the file wants to know.
    if (readFault) throw (readFault as { cause: unknown }).cause
    throw networkError(fault, 'The connection broke while the film was sent.')
  }
}
