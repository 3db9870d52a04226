import { networkError } from '../rushes-error.ts'
import type { Sending, UploadForm } from './sending.ts'

/** Browsers tell how much of a body has left through XMLHttpRequest only. */
export function sendByXhr(
  form: UploadForm,
  film: Blob,
  { url, headers, signal, onSent }: Sending,
): Promise<{ status: number; text: string }> {
  const body = new FormData()
  if (form.title !== undefined) body.append('title', form.title)
  if (form.captions) body.append('captions', form.captions, 'captions')
  body.append('file', film, form.filename)

  const request = new XMLHttpRequest()
  const abort = () => request.abort()
  return new Promise<{ status: number; text: string }>((resolve, reject) => {
    request.upload.onprogress = ({ loaded }) => onSent(loaded)
    request.onload = () => resolve({ status: request.status, text: request.responseText })
    request.onerror = () => reject(networkError(undefined, 'The connection broke while the film was sent.'))
    request.onabort = () => reject(signal?.reason)
    signal?.addEventListener('abort', abort, { once: true })
    request.open('POST', url)
    request.setRequestHeader('accept', 'application/json')
    for (const [name, value] of Object.entries(headers)) request.setRequestHeader(name, value)
    request.send(body)
  }).finally(() => signal?.removeEventListener('abort', abort))
}
