/** Blobs in any object store that speaks S3. */
import { createWriteStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { pipeline } from 'node:stream/promises'
import { DeleteObjectCommand, HeadBucketCommand } from '@aws-sdk/client-s3'
import { AppError } from '../../errors.ts'
import type { BlobStat, BlobStore } from '../blob-store.ts'
import { type DraftFile, openDraft } from '../draft-file.ts'
import { checkKey, checkListed, checkPrefix } from '../keys.ts'
import { type Bucket, type BucketOptions, openBucket } from './bucket.ts'
import { createDirectAccess } from './direct.ts'
import { listObjects, removeObjects } from './list-objects.ts'
import { createLocalFiles, type LocalFiles, type LocalFilesOptions } from './local-files.ts'
import { openObject } from './open-object.ts'
import { putFile } from './put-file.ts'
import { findObject, type ObjectVersion, readSpan } from './read-object.ts'
import { asked, causeOf, isNoObject } from './s3-faults.ts'

export interface S3BlobsOptions extends BucketOptions {
  /** Drafts, and copies for tools. */
  local: LocalFilesOptions
}

/** Blobs as objects of one bucket. `stop` breaks off what is under way and removes the local copies. */
export function createS3Blobs(options: S3BlobsOptions): BlobStore & { stop(): Promise<void> } {
  const bucket = openBucket(options)
  const local = createLocalFiles(options.local)
  const stopping = new AbortController()
  const drafts = new Map<DraftFile, string>()
  return {
    async draft(key, { signal = stopping.signal } = {}) {
      checkKey(key)
      const path = local.newPath()
      const either = AbortSignal.any([signal, stopping.signal])
      const draft = await openDraft({
        path,
        async place(as = key) {
          drafts.set(draft, checkKey(as))
          return store({ bucket, local }, { key: as, path, signal: either })
        },
        onDone: () => drafts.delete(draft),
      })
      drafts.set(draft, key)
      return draft
    },
    async open(key) {
      const version = await findObject(bucket, key)
      return version && openObject(bucket, version)
    },
    async stat(key) {
      const version = await findObject(bucket, key)
      return version && statOf(version)
    },
    async withFile(key, work) {
      const version = await findObject(bucket, key)
      if (!version) throw new AppError('storage.not_found', `Nothing is stored as ${key}.`)
      const fill = (path: string) => download({ bucket, version, signal: stopping.signal }, path)
      const file = await local.lend(nameOf(version), { sizeBytes: version.sizeBytes, fill })
      try {
        return await work(file.path)
      } finally {
        file.release()
      }
    },
    list: prefix => listObjects(bucket, checkListed(prefix)),
    async remove(key) {
      await asked(bucket.client.send(new DeleteObjectCommand(bucket.at(key)))).catch(fault => {
        if (!isNoObject(fault)) throw fault
      })
    },
    async removeAll(prefix) {
      checkPrefix(prefix)
      // Drafts first: one that is being committed finishes into the prefix, and goes with it.
      await Promise.all([...drafts].filter(([, key]) => key.startsWith(prefix)).map(([draft]) => draft.discard()))
      await removeObjects(bucket, prefix)
    },
    check: () => checkBucket(bucket),
    direct: createDirectAccess(bucket),
    async stop() {
      stopping.abort(new AppError('server.stopping', 'The server is stopping.'))
      await Promise.all([...drafts.keys()].map(draft => draft.discard()))
      bucket.stop()
      await local.stop()
    },
  }
}

const statOf = ({ sizeBytes, modifiedAt }: ObjectVersion): BlobStat => ({ sizeBytes, modifiedAt })
const nameOf = ({ key, etag }: Pick<ObjectVersion, 'key' | 'etag'>) => `${key} ${etag}`

/** What was just made here is what tools want next: it stays as a local copy. */
async function store(
  { bucket, local }: { bucket: Bucket; local: LocalFiles },
  file: { key: string; path: string; signal: AbortSignal },
): Promise<BlobStat> {
  const etag = await putFile(bucket, file)
  const version = await findObject(bucket, file.key)
  if (!version) throw new AppError('storage.unavailable', 'The object store took the file, and does not have it.')
  // By the tag of what we stored: somebody may have replaced it already.
  await local.adopt(nameOf({ key: file.key, etag }), { sizeBytes: (await stat(file.path)).size, path: file.path })
  return statOf(version)
}

async function download(
  { bucket, version, signal }: { bucket: Bucket; version: ObjectVersion; signal: AbortSignal },
  path: string,
): Promise<void> {
  const bytes = readSpan(bucket, { version, start: 0, end: version.sizeBytes - 1 }, signal)
  await pipeline(bytes, createWriteStream(path, { flags: 'wx' }))
  signal.throwIfAborted()
}

async function checkBucket(bucket: Bucket): Promise<string> {
  try {
    await bucket.client.send(new HeadBucketCommand({ Bucket: bucket.Bucket }))
    return `s3, ${bucket.place}`
  } catch (fault) {
    throw new AppError('storage.unavailable', `The ${bucket.place} can not be used: ${causeOf(fault)}`, {
      cause: fault,
    })
  }
}
