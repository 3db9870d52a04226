import { RushesError } from '../rushes-error.ts'
import type { UploadSource } from './upload-source.ts'

const readBytes = 1024 * 1024

/** A file by its path, in Node. Throws the file system's own error when it can't be read. */
export async function openFile(path: string): Promise<UploadSource> {
  // Asked for at run time, so that bundlers for browsers never meet `node:fs`.
  const fs = globalThis.process?.getBuiltinModule?.('node:fs')
  if (!fs) throw new RushesError('upload.no_file', 'A path can be uploaded from Node only: give a File or a Blob.')
  const { size } = await fs.promises.stat(path)
  const filename = path.split(/[\\/]/).at(-1) ?? path
  // Up to the size that was announced: a file that still grows must not outrun its Content-Length.
  const bytes = () => (size === 0 ? nothing() : fs.createReadStream(path, { highWaterMark: readBytes, end: size - 1 }))
  const from = (start: number, end: number) =>
    start < end ? fs.createReadStream(path, { highWaterMark: readBytes, start, end: end - 1 }) : nothing()
  return { filename, sizeBytes: size, blob: null, bytes, from }
}

async function* nothing(): AsyncGenerator<Uint8Array> {}
