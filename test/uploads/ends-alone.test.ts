import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'
import { createTakeIn, type IntakeOptions } from '../../server/intake/index.ts'
import type { Lease } from '../../server/platform/leases/index.ts'
import type { VideoId } from '../../shared/index.ts'

test('what can not be read beside a film, long before it is wanted, ends that upload and nothing else', async () => {
  // Everything that an upload needs works; only what came along is not to be had.
  const works = async () => undefined
  const quota = { reserve: works, roomFor: async () => Number.POSITIVE_INFINITY }
  const takeIn = createTakeIn({
    videos: { originals: { withdraw: works }, quota },
    database: { transaction: async (work: (tx: unknown) => unknown) => work({}) },
    blobs: { draft: async () => ({ discard: works }), removeAll: works },
    probe: { inspect: works },
    maxBytes: 1000,
    metrics: { refusedUploads: { inc() {} } },
  } as unknown as IntakeOptions)
  const about = { source: 'direct', filename: 'film.mp4', title: 'film', requestedBy: null } as const
  const taking = takeIn(
    { id: 'a' as VideoId, ...about },
    {
      signal: new AbortController().signal,
      lease: { signal: new AbortController().signal, confirm: works } as unknown as Lease,
      beside: Promise.reject(new Error('the database is away')),
      async fill() {
        // A rejection that nobody hears would have ended the process by now.
        await delay(50)
        return { sizeBytes: 1, checksum: 'sha256:0' }
      },
    },
  )
  await assert.rejects(taking, /the database is away/)
})
