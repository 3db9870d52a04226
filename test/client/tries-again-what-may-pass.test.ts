import assert from 'node:assert/strict'
import { test } from 'node:test'
import { RushesError } from '../../client-sdk/src/index.ts'
import { mayPass } from '../../client-sdk/src/may-pass.ts'
import { failureKind, failures } from '../../shared/index.ts'

test('what passes by the table is tried again, by its code, and everything else of ours is not', () => {
  for (const code of Object.keys(failures))
    assert.equal(mayPass(new RushesError(code, '')), failureKind(code)?.passes === true, code)
  assert.equal(mayPass(new RushesError('network', '')), true)
  assert.equal(mayPass(new Error('anything else')), false)
})

test('a page of somebody before the server, and what a newer server says, go by their status', () => {
  const [passing, final] = [
    [408, 429, 500, 502, 503, 504],
    [400, 401, 403, 404, 413, 507],
  ]
  for (const code of ['server.internal', 'a.newer_code']) {
    for (const status of passing)
      assert.equal(mayPass(new RushesError(code, '', { status })), true, `${code} ${status}`)
    for (const status of final) assert.equal(mayPass(new RushesError(code, '', { status })), false, `${code} ${status}`)
  }
})
