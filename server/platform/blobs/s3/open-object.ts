import type { OpenBlob } from '../blob-store.ts'
import { writeTo } from '../send-file.ts'
import type { Bucket } from './bucket.ts'
import { readUrl } from './direct.ts'
import { type ObjectVersion, readSpan } from './read-object.ts'

/** An object held by its entity tag: nothing is asked of the store before somebody wants bytes. */
export function openObject(bucket: Bucket, version: ObjectVersion): OpenBlob {
  let closed = false
  return {
    sizeBytes: version.sizeBytes,
    modifiedAt: version.modifiedAt,
    path: null,
    urlFor: options => readUrl(bucket, version.key, options),
    async send(start, end, to) {
      if (closed) throw new Error('The blob was closed.')
      if (to.destroyed) return
      const gone = new AbortController()
      const abort = () => gone.abort()
      to.once('close', abort)
      try {
        for await (const chunk of readSpan(bucket, { version, start, end }, gone.signal)) {
          if (to.destroyed || !(await writeTo(to, [chunk]))) return
        }
      } finally {
        to.off('close', abort)
      }
    },
    async close() {
      closed = true
    },
  }
}
