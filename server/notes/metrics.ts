import { Counter, type Registry } from 'prom-client'

export type NoteMetrics = ReturnType<typeof noteMetrics>

/** What was taken to editors. */
export function noteMetrics(registry: Registry) {
  const registers = [registry]
  return {
    notes: new Counter({
      name: 'rushes_notes_total',
      help: 'Files of notes that were given out',
      labelNames: ['format'] as const,
      registers,
    }),
  }
}
