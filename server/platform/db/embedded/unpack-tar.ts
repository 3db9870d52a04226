import fs from 'node:fs'
import { join } from 'node:path'

const blockBytes = 512

/** Unpacks folders and plain files, and refuses what is anything else: for an archive that we know. */
export function unpackTar(archive: Buffer, directory: string): void {
  for (let at = 0; archive[at] !== undefined && archive[at] !== 0; ) {
    const { path, sizeBytes, kind } = readHeader(archive.subarray(at, at + blockBytes))
    const target = join(directory, path)
    if (path.split('/').includes('..')) throw new Error(`${path} leads out of the archive.`)
    if (kind === 'folder') fs.mkdirSync(target, { recursive: true, mode: 0o700 })
    else fs.writeFileSync(target, archive.subarray(at + blockBytes, at + blockBytes + sizeBytes), { mode: 0o600 })
    at += blockBytes + Math.ceil(sizeBytes / blockBytes) * blockBytes
  }
}

/** POSIX 1003.1-1990: the name at 0, the size at 124 as octal digits, the type at 156, what goes before the name at 345. */
function readHeader(header: Buffer) {
  const text = (from: number, length: number) => {
    const field = header.toString('utf8', from, from + length)
    return field.split('\0', 1)[0] ?? ''
  }
  const path = `${text(345, 155)}/${text(0, 100)}`
  const type = text(156, 1)
  if (!['', '0', '5'].includes(type)) throw new Error(`${path} is of the unknown type ${type}.`)
  const kind = type === '5' || path.endsWith('/') ? 'folder' : 'file'
  return { path, kind, sizeBytes: Number.parseInt(text(124, 12), 8) || 0 }
}
