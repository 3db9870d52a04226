/** Blobs in any object store that speaks S3. */
import { createWriteStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { DeleteObjectCommand, HeadBucketCommand } from '@aws-sdk/client-s3'
import { AppError, fail } from '../../errors.ts'
import type { BlobStat, BlobStore } from '../blob-store.ts'
import type { StoredBlob } from '../direct-access.ts'
import { type DraftFile, openDraft } from '../draft-file.ts'
import { checkKey, checkListed, checkPrefix } from '../keys.ts'
import { nothingStored } from '../nothing-stored.ts'
import { type Bucket, type BucketOptions, openBucket } from './bucket.ts'
import { copyObject } from './copy-object.ts'
import { createDirectAccess } from './direct.ts'
import { listObjects, removeObjects } from './list-objects.ts'
import { createLocalFiles, type LocalFiles, type LocalFilesOptions } from './local-files.ts'
import { openObject } from './open-object.ts'
import { listParts } from './parts.ts'
import { type FilePut, putFile } from './put-file.ts'
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
  const draftFor = async (key: string, put: Put, signal = stopping.signal) => {
    checkKey(key)
    const path = local.newPath()
    const either = AbortSignal.any([signal, stopping.signal])
    const draft = await openDraft({
      path,
      async place(as = key) {
        drafts.set(draft, checkKey(as))
        return store({ bucket, local, put }, { key: as, path, signal: either })
      },
      onDone: () => drafts.delete(draft),
    })
    drafts.set(draft, key)
    return draft
  }
  const find = async (key: string): Promise<StoredBlob | null> => {
    const version = await findObject(bucket, key)
    return (
      version && {
        ...statOf(version),
        bytes: signal => Readable.from(readWhole(bucket, version, signal)),
        draft: (to, { signal } = {}) =>
          draftFor(to, (_bucket, file) => copyObject(bucket, { ...file, from: version }), signal),
      }
    )
  }
  return {
    draft: (key, { signal } = {}) => draftFor(key, putFile, signal),
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
      if (!version) throw nothingStored(key)
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
    async *leftovers() {
      yield* local.leftovers()
      yield* listParts(bucket)
    },
    check: () => checkBucket(bucket),
    direct: createDirectAccess(bucket, find),
    async stop() {
      stopping.abort(fail('server.stopping'))
      await Promise.all([...drafts.keys()].map(draft => draft.discard()))
      bucket.stop()
      await local.stop()
    },
  }
}

const statOf = ({ sizeBytes, modifiedAt }: ObjectVersion): BlobStat => ({ sizeBytes, modifiedAt })
const nameOf = ({ key, etag }: Pick<ObjectVersion, 'key' | 'etag'>) => `${key} ${etag}`

/** Brings a file's bytes into the bucket, whichever way. Answers the entity tag of the object. */
type Put = (bucket: Bucket, file: FilePut) => Promise<string>

/** What was just made here is what tools want next: it stays as a local copy. */
async function store(
  { bucket, local, put }: { bucket: Bucket; local: LocalFiles; put: Put },
  file: FilePut,
): Promise<BlobStat> {
  const etag = await put(bucket, file)
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
  await pipeline(readWhole(bucket, version, signal), createWriteStream(path, { flags: 'wx' }))
}

/** An abort is no end: half of the bytes must not pass for all. */
async function* readWhole(bucket: Bucket, version: ObjectVersion, signal: AbortSignal): AsyncGenerator<Buffer> {
  yield* readSpan(bucket, { version, start: 0, end: version.sizeBytes - 1 }, signal)
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
