import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { createTakeIn, fromFile } from '../../server/intake/index.ts'
import { createFfmpeg } from '../../server/media/index.ts'
import { createMetrics } from '../../server/metrics.ts'
import { createDiskBlobs, createFileWriter } from '../../server/platform/blobs/index.ts'
import { AppError } from '../../server/platform/errors.ts'
import { createJournal } from '../../server/platform/journal/index.ts'
import { createLeases } from '../../server/platform/leases/index.ts'
import { createRemovals } from '../../server/platform/removals/index.ts'
import { browserPlays, createProbe } from '../../server/probe/index.ts'
import { parseCaptions } from '../../server/transcripts/index.ts'
import { createVideos } from '../../server/videos/index.ts'
import { videoStream } from '../../shared/index.ts'
import { makeFilm } from '../support/make-film.ts'
import { openTestDatabase } from '../support/open-test-database.ts'
import { noJobs, nothingFollows } from '../support/without-jobs.ts'

test('a file of ours becomes a video of the source that is told, and one that is no film leaves nothing', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'rushes-intake-'))
  await using ending = new AsyncDisposableStack()
  ending.defer(() => rm(directory, { recursive: true, force: true }))
  const opened = ending.use(await openTestDatabase())
  const { database, log } = opened
  const own = <T extends { stop(): Promise<void> }>(thing: T) => ending.adopt(thing, it => it.stop())
  const blobs = createDiskBlobs({ directory: join(directory, 'blobs') })
  const journal = createJournal({ ...opened, ...nothingFollows })
  const leases = createLeases(opened)
  const metrics = createMetrics()
  const removals = createRemovals({ ...opened, blobs, metrics })
  const videos = createVideos({ database, journal, blobs, removals, leases, jobs: noJobs, notify() {} })
  const ffmpeg = own(createFfmpeg({ threads: 1, memoryBytes: 4e9, niceness: 0, log }))
  const takeIn = createTakeIn({
    ...{ database, leases, videos, journal, blobs, log, metrics, browserPlays },
    ...{ writer: own(createFileWriter()), checkCaptions: parseCaptions, maxBytes: 1e9 },
    probe: createProbe({ ffmpeg, limits: { maxDurationSeconds: 100 } }),
  })

  const path = await makeFilm(join(directory, 'cut.mp4'), { seconds: 1 })
  const { signal } = new AbortController()
  const about = { source: 'clip' as const, filename: 'cut.mp4', title: 'The best of it', requestedBy: null }
  const video = await takeIn(about, { fill: fromFile(path), signal })
  const bytes = await readFile(path)
  assert.deepEqual(
    [video.source, video.title, video.playable, video.checksum, video.sizeBytes],
    ['clip', 'The best of it', true, `sha256:${createHash('sha256').update(bytes).digest('hex')}`, bytes.length],
  )
  const [first] = await journal.since(videoStream(video.id), 0, 10)
  assert.equal(first?.type, 'video.created')
  assert.deepEqual(await readFile(path), bytes, 'it stays where it was')
  const again = await takeIn({ ...about, source: 'story' }, { fill: fromFile(path), signal })
  assert.deepEqual([again.source, again.duplicateOf], ['story', video.id])

  const words = join(directory, 'words.txt')
  await writeFile(words, 'these are words')
  const before = await readdir(join(directory, 'blobs'), { recursive: true })
  await assert.rejects(
    takeIn(about, { fill: fromFile(words), signal }),
    fault => fault instanceof AppError && fault.code === 'upload.unsupported_media',
  )
  assert.deepEqual(await readdir(join(directory, 'blobs'), { recursive: true }), before)
  assert.equal((await videos.list({ limit: 10 })).items.length, 2)
})
