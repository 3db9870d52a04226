import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Video } from '../../client-sdk/src/index.ts'
import { makeFilm } from '../support/make-film.ts'
import type { TestApp } from '../support/start-test-app.ts'

/** What is said in the film, and when. */
export const captions = `WEBVTT

00:00.500 --> 00:05.000
The old crane at the harbour was repaired in March.

00:06.000 --> 00:11.000
Its new motor lifts twelve tons, and the harbour master is delighted.

00:12.000 --> 00:17.000
Before that, <b>everything</b> had to be carried by hand.
`
export const filmSeconds = 20

/** A film of twenty seconds, as bytes. */
export async function filmBytes(): Promise<Buffer> {
  const folder = await mkdtemp(join(tmpdir(), 'rushes-page-'))
  try {
    return await readFile(await makeFilm(join(folder, 'harbour.mp4'), { seconds: filmSeconds }))
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** The film with its captions in the library, all done. */
export async function storeFilm({ rushes }: TestApp, title = 'The harbour'): Promise<Video> {
  const film = new File([new Uint8Array(await filmBytes())], 'harbour.mp4', { type: 'video/mp4' })
  const { id } = await rushes.videos.upload(film, { title, captions })
  return rushes.videos.untilReady(id)
}
