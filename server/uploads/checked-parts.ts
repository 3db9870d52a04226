import { AsyncLocalStorage } from 'node:async_hooks'
import { createHash } from 'node:crypto'
import { readFile, rm, truncate, writeFile } from 'node:fs/promises'
import { Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { FileStore } from '@tus/file-store'
import { AppError } from '../platform/errors.ts'

/** What `Upload-Checksum` may name. */
export const checksumAlgorithms = ['sha1', 'sha256'] as const
type Algorithm = (typeof checksumAlgorithms)[number]
interface Expected {
  algorithm: Algorithm
  digest: Buffer
}

const digestBytes: Record<Algorithm, number> = { sha1: 20, sha256: 32 }

export interface CheckedParts {
  /** Runs a request whose bytes have to have this checksum; `undefined` when it said none. Throws `upload.malformed_checksum`. */
  expecting<T>(header: string | undefined, request: () => Promise<T>): Promise<T>
}

/**
 * Adds tus's extension `checksum` to a store of files: a part whose bytes are others than the sender meant is cut off
 * again, and refused with `upload.checksum_mismatch`. Until a part was found right, a note beside it says where it
 * began: what a killed server had written of it is cut off by whoever looks next.
 */
export function checkParts(store: FileStore, directory: string): CheckedParts {
  const expected = new AsyncLocalStorage<Expected>()
  const notePath = (id: string) => `${directory}/${id}.unchecked`
  const write = store.write.bind(store)
  const getUpload = store.getUpload.bind(store)
  const remove = store.remove.bind(store)

  const cutBack = async (id: string, offset: number) => {
    await truncate(`${directory}/${id}`, offset)
    await rm(notePath(id), { force: true })
  }

  store.extensions = [...store.extensions, 'checksum']
  store.write = async (source, id, offset) => {
    const wanted = expected.getStore()
    if (!wanted) return write(source, id, offset)
    await writeFile(notePath(id), String(offset))
    const hash = createHash(wanted.algorithm)
    const hashed = new Transform({
      transform(chunk, _encoding, pass) {
        hash.update(chunk)
        pass(null, chunk)
      },
    })
    // When this fails, the note stays: a last write may still be on its way, and whoever looks next cuts it off.
    const [, end] = await Promise.all([pipeline(source, hashed), write(hashed, id, offset)])
    if (!hash.digest().equals(wanted.digest)) {
      await cutBack(id, offset)
      throw new AppError('upload.checksum_mismatch', `These bytes have another ${wanted.algorithm}: send them again.`)
    }
    await rm(notePath(id), { force: true })
    return end
  }
  store.getUpload = async id => {
    const note = await readFile(notePath(id), 'utf8').catch(unlessMissing)
    if (note) await cutBack(id, Number(note))
    return getUpload(id)
  }
  store.remove = async id => {
    await rm(notePath(id), { force: true })
    await remove(id)
  }

  return {
    expecting: async (header, request) =>
      header === undefined ? request() : expected.run(readChecksum(header), request),
  }
}

/** `sha1 <base64>`, as the protocol writes it. */
function readChecksum(header: string): Expected {
  const [name, encoded = ''] = header.split(' ')
  const algorithm = checksumAlgorithms.find(known => known === name)
  const digest = Buffer.from(encoded, 'base64')
  if (!algorithm || digest.length !== digestBytes[algorithm])
    throw new AppError(
      'upload.malformed_checksum',
      `Upload-Checksum has to be one of ${checksumAlgorithms.join(', ')}, a space and the digest in base64.`,
    )
  return { algorithm, digest }
}

function unlessMissing(fault: NodeJS.ErrnoException): null {
  if (fault.code === 'ENOENT') return null
  throw fault
}
