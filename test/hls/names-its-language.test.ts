import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import type { Context } from 'koa'
import { hlsRoutes } from '../../server/renditions/hls/index.ts'
import { VideoId } from '../../shared/index.ts'
import { makeFilm } from '../support/make-film.ts'
import { startTestApp } from '../support/start-test-app.ts'

const id = VideoId.parse('01900000-0000-7000-8000-000000000001')

test('the master playlist names the language, and nobody reads the transcript for it', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'hls-language-'))
  const ladder = join(folder, 'ladder.json')
  await writeFile(ladder, JSON.stringify({ tracks: [] }))
  const masterIn = async (transcriptLanguage: string | null) => {
    let read = 0
    const options = {
      blobs: { withFile: (_key: string, work: (path: string) => unknown) => work(ladder) },
      videos: { record: async () => ({ video: { id, transcriptLanguage }, renditions: { hls: { key: 'hls/' } } }) },
      captions: async () => {
        read += 1
        return null
      },
    }
    const ctx = { set: () => {}, query: {}, body: '' } as unknown as Context
    const routes = hlsRoutes(options as unknown as Parameters<typeof hlsRoutes>[0])
    const given = { ctx, params: { id, file: 'master.m3u8' } }
    await routes['videos.hls'](given as unknown as Parameters<(typeof routes)['videos.hls']>[0])
    assert.equal(read, 0)
    return String(ctx.body)
  }
  assert.match(await masterIn('de'), /TYPE=SUBTITLES.*LANGUAGE="de"/)
  assert.match(await masterIn('zh-Hant'), /LANGUAGE="zh-Hant"/)
  assert.match(await masterIn('und'), /TYPE=SUBTITLES(?!.*LANGUAGE)/)
  assert.doesNotMatch(await masterIn(null), /SUBTITLES/)
  await rm(folder, { recursive: true, force: true })
})

test('a video says in which language its transcript is', async () => {
  await using app = await startTestApp({ env: { TRANSCRIBER: 'subtitles' } })
  const { videos } = app.rushes
  const film = await makeFilm(join(app.dataDirectory, 'film.mp4'), { seconds: 1 })
  for (const [head, language] of [
    ['WEBVTT\nLanguage: de\n', 'de'],
    ['WEBVTT\nLanguage: pt-BR\n', 'pt-BR'],
    ['WEBVTT\n', 'und'],
  ] as const) {
    const captions = `${head}\n00:00.100 --> 00:00.900\nHallo.\n`
    const { id: uploaded, transcriptLanguage } = await videos.upload(film, { captions })
    assert.equal(transcriptLanguage, null)
    assert.equal((await videos.untilReady(uploaded)).transcriptLanguage, language)
  }
})
