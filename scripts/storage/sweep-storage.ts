import type { Config } from '../../server/config.ts'
import { databaseOptionsOfCommand } from '../../server/database-options.ts'
import { listFetchedParts } from '../../server/fetches/index.ts'
import { fetchOptions, uploadOptions } from '../../server/incoming-options.ts'
import { openStorage } from '../../server/open-storage.ts'
import { openDatabase } from '../../server/platform/db/index.ts'
import { createLog } from '../../server/platform/log.ts'
import { createRemovals, createStorageSweep, type Swept } from '../../server/platform/removals/index.ts'
import { measureRenditions } from '../../server/platform/renditions/index.ts'
import { listOldParts, uploadClaimants } from '../../server/uploads/index.ts'
import { createQuota, videoClaimants } from '../../server/videos/index.ts'

/** Opens what is configured, sweeps it, and closes it again. Throws `StartError` while a server has the embedded database. */
export async function sweepStorage(config: Config, options: { dryRun?: boolean; all?: boolean } = {}): Promise<Swept> {
  const log = createLog({ level: 'warn', pretty: true })
  await using opened = new AsyncDisposableStack()
  const own = <T extends { stop(): Promise<void> }>(thing: T): T => opened.adopt(thing, it => it.stop())
  const database = own(await openDatabase(databaseOptionsOfCommand(config, log)))
  // Shared: what young drafts there are belong to servers that run.
  const blobs = own(await openStorage(config, { shared: true, log }))
  const removals = own(createRemovals({ database, blobs, log }))
  const { recount } = createQuota({ database, quotaBytes: config.STORAGE_QUOTA_BYTES })
  const measure = () => measureRenditions(database.db, blobs)
  const sweeping = createStorageSweep({
    ...{ database, blobs, removals, recount, measure, log },
    claimants: [...videoClaimants(database.db), ...uploadClaimants(database.db)],
    async *beside() {
      yield* listOldParts(database.db, uploadOptions(config).partsDirectory)
      yield* listFetchedParts(fetchOptions(config).partsDirectory)
    },
  })
  if (!options.dryRun) {
    await recount()
    await measure()
  }
  return await sweeping.sweep(options)
}
