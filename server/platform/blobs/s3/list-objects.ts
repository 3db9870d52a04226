import { DeleteObjectsCommand, ListObjectsV2Command } from '@aws-sdk/client-s3'
import type { BlobEntry } from '../blob-store.ts'
import { isKey } from '../keys.ts'
import type { Bucket } from './bucket.ts'
import { asked, s3Fault } from './s3-faults.ts'

/** Objects below a prefix of ours, a page (up to 1,000) at a time. */
export async function* listPages(bucket: Bucket, prefix: string): AsyncGenerator<BlobEntry[]> {
  const below = { Bucket: bucket.Bucket, Prefix: `${bucket.prefix}${prefix}` }
  let token: string | undefined
  do {
    const page = await asked(
      bucket.client.send(new ListObjectsV2Command({ ...below, ...(token && { ContinuationToken: token }) })),
    )
    yield (page.Contents ?? []).map(({ Key = '', Size = 0, LastModified = new Date(0) }) => ({
      key: Key.slice(bucket.prefix.length),
      sizeBytes: Size,
      modifiedAt: LastModified,
    }))
    token = page.NextContinuationToken
  } while (token)
}

/** What is no blob of ours is passed over. */
export async function* listObjects(bucket: Bucket, prefix: string): AsyncGenerator<BlobEntry> {
  for await (const page of listPages(bucket, prefix)) yield* page.filter(({ key }) => isKey(key))
}

export async function removeObjects(bucket: Bucket, prefix: string): Promise<void> {
  for await (const page of listPages(bucket, prefix)) {
    if (page.length === 0) continue
    const Objects = page.map(({ key }) => ({ Key: `${bucket.prefix}${key}` }))
    const removing = new DeleteObjectsCommand({ Bucket: bucket.Bucket, Delete: { Objects, Quiet: true } })
    const { Errors = [] } = await asked(bucket.client.send(removing))
    const [first] = Errors.filter(({ Code }) => Code !== 'NoSuchKey')
    if (first) throw s3Fault(removalFault(first))
  }
}

/** Faults of single objects come in a list, without a status of their own. */
function removalFault({ Code = '', Message = '' }: { Code?: string | undefined; Message?: string | undefined }): Error {
  const httpStatusCode = Code === 'AccessDenied' ? 403 : 500
  return Object.assign(new Error(`${Code}: ${Message}`), { name: Code, $metadata: { httpStatusCode } })
}
