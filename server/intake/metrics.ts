import { Counter, type Registry } from 'prom-client'

export type IntakeMetrics = ReturnType<typeof intakeMetrics>

/** What came from outside. */
export function intakeMetrics(registry: Registry) {
  const registers = [registry]
  return {
    uploadedBytes: new Counter({ name: 'rushes_uploaded_bytes_total', help: 'Bytes of accepted uploads', registers }),
    uploads: new Counter({
      name: 'rushes_uploads_total',
      help: 'Accepted uploads by the way they came',
      labelNames: ['way'] as const,
      registers,
    }),
    refusedUploads: new Counter({
      name: 'rushes_uploads_refused_total',
      help: 'Uploads that were refused',
      labelNames: ['code'] as const,
      registers,
    }),
  }
}
