import type { ApiKey } from '../../client-sdk/src/index.ts'

const head = ['ID', 'NAME', 'BEGINS WITH', 'MADE', 'BY', 'LAST USED']
const minute = (time: string | null) => time?.slice(0, 16).replace('T', ' ') ?? 'never'

/** A line a key, times in UTC. */
export function tableOf(keys: readonly ApiKey[]): string {
  const rows = keys.map(key => [
    ...[key.id, key.name, key.start === null ? '?' : `${key.start}…`],
    ...[minute(key.createdAt), key.createdBy ?? '?', minute(key.lastUsedAt)],
  ])
  const widths = head.map((_, column) => Math.max(...[head, ...rows].map(row => row[column]?.length ?? 0)))
  const lineOf = (row: string[]) => row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ')
  return [head, ...rows].map(row => lineOf(row).trimEnd()).join('\n')
}
