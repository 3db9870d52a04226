import assert from 'node:assert/strict'
import { test } from 'node:test'
import { DeleteObjectCommand } from '@aws-sdk/client-s3'
import type { Bucket } from '../../server/platform/blobs/s3/bucket.ts'
import { copyObject } from '../../server/platform/blobs/s3/copy-object.ts'

test('a store that goes away while a copy of what was replaced is removed is away, not a riddle', async () => {
  const away = Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' })
  const send = async (command: object) => {
    if (command instanceof DeleteObjectCommand) throw away
    // Whatever is asked else: another object lies there by now.
    return { ETag: '"other"', ContentLength: 1, LastModified: new Date(0) }
  }
  const bucket = {
    client: { send },
    Bucket: 'films',
    at: (Key: string) => ({ Bucket: 'films', Key }),
  } as unknown as Bucket
  const from = { key: 'a', etag: '"one"', sizeBytes: 1, modifiedAt: new Date(0) }
  const { signal } = new AbortController()
  await assert.rejects(copyObject(bucket, { from: from as never, key: 'b', signal }), { code: 'storage.unavailable' })
})
