import { z } from 'zod'

/** Where an engine stands on its ladder, and why the rungs above it were passed over. */
export const EngineHealth = z.object({
  /** The rung in use; `none` when no rung holds. */
  rung: z.string(),
  rungs: z.array(z.object({ name: z.string(), available: z.boolean(), reason: z.string() })),
})
export type EngineHealth = z.infer<typeof EngineHealth>
export const Health = z.object({
  status: z.enum(['ok', 'degraded', 'down']),
  version: z.string(),
  uptimeSeconds: z.number(),
  parts: z.record(z.string(), z.object({ ok: z.boolean(), detail: z.string() })),
  engines: z.record(z.string(), EngineHealth),
})
export type Health = z.infer<typeof Health>
