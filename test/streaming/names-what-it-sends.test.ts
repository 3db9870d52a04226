import assert from 'node:assert/strict'
import { test } from 'node:test'
import { contentDisposition } from '../../server/platform/http/content-disposition.ts'
import { ask, startFilmApp } from './film-app.ts'

test('a film is shown, and saved under its name when that is asked for', async () => {
  await using app = await startFilmApp(Buffer.from('film'))
  const shown = await ask(app.url, {})
  assert.match(shown.headers['content-disposition'] ?? '', /^inline; /)
  assert.equal(shown.headers['x-content-type-options'], 'nosniff')
  assert.equal(shown.headers['content-type'], 'video/mp4')
  const saved = await ask(`${app.url}?download=1`, {})
  assert.equal(
    saved.headers['content-disposition'],
    `attachment; filename="_nsere _Reise_ _ 100_.mp4"; filename*=UTF-8''%C3%9Cnsere%20%22Reise%22%20%E2%80%93%20100%25.mp4`,
  )
})

test('a HEAD has the headers of the GET and no body', async () => {
  await using app = await startFilmApp(Buffer.from('film'))
  const [head, get] = [await ask(app.url, { method: 'HEAD' }), await ask(app.url, {})]
  const comparable = ({ date: _, 'x-request-id': __, ...rest }: typeof get.headers) => rest
  assert.deepEqual(comparable(head.headers), comparable(get.headers))
  assert.equal(head.body.length, 0)
})

const names: [string, string][] = [
  ['plain.mp4', 'inline; filename="plain.mp4"'],
  ['', 'inline'],
  ['\r\n\0', 'inline'],
  ['a\r\nset-cookie: x', 'inline; filename="aset-cookie: x"'],
  ['../../etc/passwd', 'inline; filename=".._.._etc_passwd"'],
  ['\ud800.mp4', `inline; filename="_.mp4"; filename*=UTF-8''%EF%BF%BD.mp4`],
  ["it's (1)*.mp4", `inline; filename="it's (1)*.mp4"`],
  ["ü'(*.mp4", `inline; filename="_'(*.mp4"; filename*=UTF-8''%C3%BC%27%28%2A.mp4`],
  ['\u202e4pm.exe', 'inline; filename="4pm.exe"'],
  ['%41.mp4', `inline; filename="_41.mp4"; filename*=UTF-8''%2541.mp4`],
]
for (const [filename, expected] of names) {
  test(`${JSON.stringify(filename)} is a name that a header can carry`, () => {
    assert.equal(contentDisposition({ filename }), expected)
  })
}
test('a name may be endless and the header is not', () => {
  assert.ok(contentDisposition({ filename: '🎬'.repeat(100_000) }).length < 3000)
})
