import assert from 'node:assert/strict'
import { test } from 'node:test'
import { complaintOf } from '../../server/media/ffmpeg/stderr.ts'

test('the last line that says something is the complaint', () => {
  const complaint = '[mov @ 0x55d5c0ffee00] moov atom not found'
  for (const after of [
    '',
    '    Last message repeated 1 times',
    'Conversion failed!',
    'frame=   12 fps=0.0 time=00:00:01.00',
  ])
    assert.equal(complaintOf(`first\n${complaint}\n${after}\n`, []), 'moov atom not found')
  assert.equal(complaintOf('    Last message repeated 3 times\n', []), null)
})
