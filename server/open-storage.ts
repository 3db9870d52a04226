import { join } from 'node:path'
import { type Config, missingForS3 } from './config.ts'
import type { Metrics } from './metrics.ts'
import { type BlobStore, createDiskBlobs, createMigratingBlobs, openS3Blobs } from './platform/blobs/index.ts'
import { messageOf } from './platform/errors.ts'
import type { Log } from './platform/log.ts'

export type StorageKind = Config['STORAGE']
export type OwnedBlobs = BlobStore & { stop(): Promise<void> }

interface StoreOptions {
  /** Other processes have their files in DATA_DIR too. */
  shared: boolean
  metrics?: Metrics
  /** Bytes of local copies; what is configured when not given. */
  cacheBytes?: number
}

/** One store, whether or not it is the one that is configured. Null when what it needs is not. */
export async function openStore(kind: StorageKind, config: Config, options: StoreOptions): Promise<OwnedBlobs | null> {
  const { shared, metrics, cacheBytes = config.S3_CACHE_BYTES } = options
  if (kind === 'disk') {
    const directory = join(config.DATA_DIR, 'blobs')
    const blobs = createDiskBlobs({ directory, shared, cacheBytes: config.STREAM_CACHE_BYTES })
    return Object.assign(blobs, { stop: async () => {} })
  }
  const { S3_BUCKET: bucket, S3_ACCESS_KEY_ID: accessKeyId, S3_SECRET_ACCESS_KEY: secretAccessKey } = config
  if (missingForS3(config).length > 0 || !bucket || !accessKeyId || !secretAccessKey) return null
  const directory = join(config.DATA_DIR, 'cache')
  return openS3Blobs({
    ...{ bucket, accessKeyId, secretAccessKey, region: config.S3_REGION, prefix: config.S3_PREFIX },
    ...{ endpoint: config.S3_ENDPOINT, publicEndpoint: config.S3_PUBLIC_ENDPOINT },
    onRequest: ({ operation, seconds, ok }) => metrics?.storageSeconds.observe({ operation, ok: String(ok) }, seconds),
    local: {
      ...{ directory, maxBytes: cacheBytes, shared },
      onUse: ({ hit }) => metrics?.storageCopies.inc({ hit: String(hit) }),
    },
  })
}

/** The store that is configured; with what the other one still has behind it, so that the server runs during a move. */
export async function openStorage(
  config: Config,
  { log, ...options }: StoreOptions & { log: Log },
): Promise<OwnedBlobs> {
  const primary = await openStore(config.STORAGE, config, options)
  if (!primary) throw new Error(`STORAGE=${config.STORAGE} is not configured.`)
  const old = await openStore(config.STORAGE === 's3' ? 'disk' : 's3', config, options)
  if (!old) return primary
  if (!(await holdsAnything(old, log))) {
    await old.stop()
    return primary
  }
  log.info({ storage: config.STORAGE }, 'the other store holds files too: reads fall back to it')
  return Object.assign(createMigratingBlobs(primary, old), {
    stop: async () => void (await Promise.all([primary.stop(), old.stop()])),
  })
}

async function holdsAnything(store: BlobStore, log: Log): Promise<boolean> {
  try {
    // The name of a database that used it is no file that could be missed.
    for await (const { key } of store.list('')) if (!key.startsWith('owners/')) return true
    return false
  } catch (fault) {
    // It may: what lies there must not count as lost.
    log.warn({ reason: messageOf(fault) }, 'the other store does not say whether it holds files')
    return true
  }
}
