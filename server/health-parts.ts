import { sql } from 'drizzle-orm'
import type { BlobStore } from './platform/blobs/index.ts'
import type { Database } from './platform/db/index.ts'
import type { Jobs } from './platform/jobs/index.ts'
import { type StorageUsage, usageInWords } from './videos/index.ts'

export interface HealthPartsOptions {
  database: Pick<Database, 'db' | 'kind' | 'lastSnapshot'>
  jobs: Pick<Jobs, 'unfinished'>
  blobs: Pick<BlobStore, 'check'>
  redis: { ping(): Promise<string> } | null
}

/** Parts without which nothing works: each says how it is, or throws. */
export const healthParts = (
  { database, jobs, blobs, redis }: HealthPartsOptions,
  usage: () => Promise<StorageUsage>,
) => ({
  database: async () => {
    const { length } = await database.db.execute(sql`select 1`)
    const snapshot =
      database.lastSnapshot && `; last snapshot ${database.lastSnapshot()?.toISOString() ?? 'not yet taken'}`
    return `${database.kind}, ${length} answer${snapshot ?? ''}`
  },
  queue: async () => `${await jobs.unfinished()} jobs unfinished`,
  storage: async () => `${await blobs.check()}; ${usageInWords(await usage())}`,
  ...(redis && { redis: redis.ping }),
})
