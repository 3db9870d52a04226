import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { test } from 'node:test'
import { createMetrics } from '../../server/metrics.ts'

test('every figure in /metrics is told of in the documentation, and nothing that is none', async () => {
  const measured = (await createMetrics().registry.getMetricsAsJSON()).map(({ name }) => name)
  const docs = await readFile(new URL('../../docs/deploy.md', import.meta.url), 'utf8')
  const told = new Set(docs.match(/\brushes_[a-z]+_?[a-z_]*[a-z]\b/g))
  const ours = new Set(measured.filter(name => name.startsWith('rushes_')))
  assert.deepEqual([...ours].sort(), [...told].sort())
})
