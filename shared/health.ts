import { z } from 'zod'
import { Timestamp } from './ids.ts'

/** On which rung an engine stands, and why those above it were passed over. */
export const EngineHealth = z.object({
  /** The rung in use; `none` when no rung holds. */
  rung: z.string(),
  rungs: z.array(z.object({ name: z.string(), available: z.boolean(), reason: z.string() })),
})
export type EngineHealth = z.infer<typeof EngineHealth>

/** It is kept, and found out anew every few seconds while somebody asks: `checkedAt` says when it was. */
export const Health = z.object({
  status: z.enum(['ok', 'degraded', 'down']),
  version: z.string(),
  uptimeSeconds: z.number(),
  /** When the parts were asked. Those that are programs, and the engines, are asked once a minute, and say so. */
  checkedAt: Timestamp,
  parts: z.record(z.string(), z.object({ ok: z.boolean(), detail: z.string(), checkedAt: Timestamp })),
  engines: z.record(z.string(), EngineHealth.extend({ checkedAt: Timestamp })),
})
export type Health = z.infer<typeof Health>
