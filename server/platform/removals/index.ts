/** Stored bytes that nobody wants any more: noted with the fact, removed after its commit, however often that takes. */
export { createRemovals, type Removals, type RemovalsOptions } from './create-removals.ts'
export { createStorageSweep, type StorageSweep, type StorageSweepOptions, type Swept } from './create-storage-sweep.ts'
export type { Claimant } from './find-unnamed.ts'
export { isNoted, noteRemovals } from './queries.ts'
