import { Counter, Gauge, type Registry } from 'prom-client'

export type VideoMetrics = ReturnType<typeof videoMetrics>

/** What originals take, against the quota. */
export function videoMetrics(registry: Registry) {
  const registers = [registry]
  return {
    storageUsedBytes: new Gauge({
      name: 'rushes_storage_used_bytes',
      help: 'What all originals take, each once',
      registers,
    }),
    storageReservedBytes: new Gauge({
      name: 'rushes_storage_reserved_bytes',
      help: 'Announced by uploads that wait or are under way',
      registers,
    }),
    storageDerivedBytes: new Gauge({
      name: 'rushes_storage_derived_bytes',
      help: 'What all that is made of the originals takes',
      registers,
    }),
    ledgerMended: new Counter({
      name: 'rushes_storage_usage_mended_bytes_total',
      help: 'By how much what originals take was told wrong, as found when it was counted anew',
      registers,
    }),
  }
}
