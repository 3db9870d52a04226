import type { UploadForm } from './sending.ts'

/** A multipart form around a film, as bytes (RFC 7578). */
export interface MultipartForm {
  contentType: string
  /** What stands before and after the film. */
  before: Uint8Array
  after: Uint8Array
}

export async function buildForm({ title, captions, filename }: UploadForm): Promise<MultipartForm> {
  const boundary = `rushes-${Array.from(crypto.getRandomValues(new Uint32Array(4)), part => part.toString(36)).join('')}`
  const opening = (field: string, file?: string) =>
    `--${boundary}\r\nContent-Disposition: form-data; name="${field}"${
      file === undefined ? '' : `; filename="${quoted(file)}"\r\nContent-Type: application/octet-stream`
    }\r\n\r\n`
  const before = new Blob([
    ...(title === undefined ? [] : [opening('title'), title, '\r\n']),
    ...(captions === undefined ? [] : [opening('captions', 'captions'), captions, '\r\n']),
    opening('file', filename),
  ])
  return {
    contentType: `multipart/form-data; boundary=${boundary}`,
    before: new Uint8Array(await before.arrayBuffer()),
    after: new TextEncoder().encode(`\r\n--${boundary}--\r\n`),
  }
}

/** As browsers do it: HTML Living Standard, "multipart/form-data encoding algorithm". */
const quoted = (name: string): string => name.replace(/\r\n|\r|\n/g, '%0D%0A').replaceAll('"', '%22')
