import assert from 'node:assert/strict'
import { chmod, mkdtemp, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { openControlSocket } from '../../server/platform/http/index.ts'
import type { Log } from '../../server/platform/log.ts'

test('no control socket is made where others may write, and it is said why', async t => {
  const folder = await mkdtemp(join(tmpdir(), 'rushes-control-'))
  t.after(() => rm(folder, { recursive: true }))
  const reasons: string[] = []
  const log = { warn: ({ reason }: { reason: string }) => reasons.push(reason) } as unknown as Log
  const path = join(folder, 'rushes.sock')
  await chmod(folder, 0o777)
  const none = await openControlSocket({ path, handle: () => {}, log })
  await none.stop()
  await assert.rejects(stat(path), { code: 'ENOENT' })
  assert.match(reasons.join(), /not for this user alone/)

  await chmod(folder, 0o700)
  const socket = await openControlSocket({ path, handle: () => {}, log })
  assert.ok((await stat(path)).isSocket())
  await socket.stop()
  assert.equal(reasons.length, 1)
})
