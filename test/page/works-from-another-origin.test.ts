import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { test } from 'node:test'
import { startTestApp } from '../support/start-test-app.ts'
import { filmBytes } from './harbour-film.ts'
import { missing, openBrowser, visit } from './open-browser.ts'

const key = 'a key that is long enough'

test('a page of a named origin uploads, asks and reads ranges with a key; the browser keeps another out', {
  skip: missing,
}, async () => {
  const site = createServer((_request, response) => {
    response.writeHead(200, { 'content-type': 'text/html' }).end('<!doctype html><title>Another site</title>')
  }).listen(0, '127.0.0.1')
  await once(site, 'listening')
  const { port } = site.address() as AddressInfo
  const friend = `http://127.0.0.1:${port}`
  await using app = await startTestApp({
    env: { TRANSCRIBER: 'none', RUSHES_API_KEY: key, CORS_ORIGINS: friend },
  })
  await using browser = await openBrowser()
  const page = await visit(browser, friend)
  const base64 = (await filmBytes()).toString('base64')
  const seen = await page.evaluate(useServer, { url: app.url, key, base64 })
  assert.deepEqual(seen, {
    status: 201,
    requestId: true,
    range: [206, 'bytes 0-9/', true],
    begun: [201, true],
    part: [204, '4'],
    refused: 401,
  })
  // The same server by another name is another origin for its pages.
  const other = await visit(browser, `http://localhost:${port}`)
  await assert.rejects(other.evaluate(useServer, { url: app.url, key, base64 }), /Failed to fetch/)
  site.close()
  site.closeAllConnections()
})

/** Runs in the browser. */
async function useServer({ url, key, base64 }: { url: string; key: string; base64: string }) {
  const bytes = Uint8Array.from(atob(base64), letter => letter.charCodeAt(0))
  const headers = { authorization: `Bearer ${key}` }
  const form = new FormData()
  form.append('file', new File([bytes], 'film.mp4'))
  const uploaded = await fetch(`${url}/api/videos/upload`, { method: 'POST', headers, body: form })
  const { video } = await uploaded.json()
  const range = await fetch(`${url}/api/videos/${video.id}/stream`, { headers: { ...headers, range: 'bytes=0-9' } })
  const parts = { ...headers, 'tus-resumable': '1.0.0' }
  const at = `${url}/api/uploads/resumable`
  const begun = await fetch(at, { method: 'POST', headers: { ...parts, 'upload-length': '10' } })
  const part = await fetch(new URL(begun.headers.get('location') ?? '', at), {
    method: 'PATCH',
    headers: { ...parts, 'upload-offset': '0', 'content-type': 'application/offset+octet-stream' },
    body: bytes.slice(0, 4),
  })
  const refused = await fetch(`${url}/api/videos`)
  return {
    status: uploaded.status,
    requestId: uploaded.headers.has('x-request-id'),
    range: [range.status, range.headers.get('content-range')?.replace(/\d+$/, ''), range.headers.has('etag')],
    begun: [begun.status, begun.headers.has('location')],
    part: [part.status, part.headers.get('upload-offset')],
    refused: refused.status,
  }
}
