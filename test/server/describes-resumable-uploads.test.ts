import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { makeFilm } from '../support/make-film.ts'
import { startTestApp, type TestApp } from '../support/start-test-app.ts'

interface Operation {
  operationId: string
  parameters?: { name: string; in: string }[]
  responses: Record<string, { headers?: Record<string, object>; content?: Record<string, object> }>
}
type Paths = Record<string, Record<string, Operation>>

let app: TestApp
let paths: Paths
before(async () => {
  app = await startTestApp({ env: { TRANSCRIBER: 'none', MAX_UPLOAD_BYTES: '2000000' } })
  const answer = await fetch(`${app.url}/openapi.json`)
  paths = ((await answer.json()) as { paths: Paths }).paths
})
after(() => app[Symbol.asyncDispose]())

const collection = '/api/uploads/resumable'
const one = `${collection}/{id}`
/** Headers that every answer may have, or that belong to no protocol. */
const isTold = (name: string) => /^(upload-|tus-(?!resumable)|location)/.test(name)

/** Sends it, and holds the answer against what is described: its status, its headers, and what kind of failure it is. */
async function described(method: string, path: string, url: URL, init: RequestInit & { version?: string } = {}) {
  const { version = '1.0.0', ...rest } = init
  const headers = new Headers(rest.headers)
  if (version) headers.set('tus-resumable', version)
  const answer = await fetch(url, { ...rest, method, headers })
  const operation = paths[path]?.[method.toLowerCase()]
  const response = operation?.responses[answer.status]
  assert.ok(response, `${answer.status} of ${method} ${path} is not described`)
  const known = Object.keys(response.headers ?? {}).map(name => name.toLowerCase())
  for (const name of answer.headers.keys())
    if (isTold(name)) assert.ok(known.includes(name), `${name} of ${method} ${path}, ${answer.status}`)
  const text = await answer.text()
  // tus-node-server says nothing of the type of its own faults.
  if (answer.status >= 400 && text !== '' && text.startsWith('{'))
    assert.equal(typeof (JSON.parse(text) as { error: { code: string } }).error.code, 'string')
  const sent = [...headers.keys()].filter(isTold)
  const named = operation?.parameters?.map(parameter => parameter.name.toLowerCase()) ?? []
  for (const name of sent) assert.ok(named.includes(name), `${name} is not described for ${method} ${path}`)
  return { status: answer.status, headers: answer.headers }
}

test('what the document says of tus is what the server does', async () => {
  const film = await readFile(await makeFilm(join(app.dataDirectory, 'film.mp4'), { seconds: 2 }))
  const at = new URL(collection, app.url)
  const begin = (headers: Record<string, string>, init: object = {}) =>
    described('POST', collection, at, { headers, ...init })
  const bytes = { 'content-type': 'application/offset+octet-stream' }
  const statuses: number[] = []
  const note = async (answer: Promise<{ status: number; headers: Headers }>) => {
    const { status, headers } = await answer
    statuses.push(status)
    return headers
  }

  await note(described('OPTIONS', collection, at))
  const length = { 'upload-length': String(film.length), 'upload-metadata': 'filename ZmlsbS5tcDQ=' }
  const place = new URL((await note(begin(length))).get('location') ?? '', at)
  await note(begin(length, { version: '' }))
  await note(begin({}))
  await note(begin({ 'upload-length': '2000001' }))
  await note(
    described('POST', collection, new URL('?upload=0190aaaa-0000-7000-8000-000000000000', at), { headers: length }),
  )
  await note(described('HEAD', one, place))
  const patch = (headers: Record<string, string>, body: Uint8Array) =>
    note(described('PATCH', one, place, { headers: { ...bytes, ...headers }, body: body as BodyInit }))
  await patch({ 'upload-offset': '7' }, film.subarray(0, 10))
  await patch({}, film.subarray(0, 10))
  await patch({ 'upload-offset': '0', 'upload-checksum': 'sha1 AAAAAAAAAAAAAAAAAAAAAAAAAAA=' }, film.subarray(0, 10))
  await patch({ 'upload-offset': '0', 'upload-checksum': 'md5 AAAA' }, film.subarray(0, 10))
  await patch({ 'upload-offset': '0' }, film.subarray(0, 100))
  await patch({ 'upload-offset': '100' }, film.subarray(100))
  await patch({ 'upload-offset': '0' }, film.subarray(0, 10))
  const deferred = await note(begin({ 'upload-defer-length': '1' }))
  const later = new URL(deferred.get('location') ?? '', at)
  await note(described('HEAD', one, later))
  await note(described('DELETE', one, later))
  await note(described('DELETE', one, later))
  assert.deepEqual(statuses, [204, 201, 412, 400, 413, 404, 200, 409, 403, 460, 400, 204, 204, 409, 201, 200, 204, 404])
})

test('every operation has a name of its own and says what else may come', () => {
  const names = Object.values(paths).flatMap(path =>
    Object.values(path).flatMap(each => (each.operationId ? [each.operationId] : [])),
  )
  assert.equal(new Set(names).size, names.length)
  for (const path of [collection, one])
    for (const operation of Object.values(paths[path] ?? {}))
      if (operation.operationId) assert.ok(operation.responses.default, operation.operationId)
})
