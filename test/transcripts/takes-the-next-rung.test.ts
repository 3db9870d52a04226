import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { test } from 'node:test'
import { v7 as uuidv7 } from 'uuid'
import { createFfmpeg } from '../../server/media/index.ts'
import { type BlobStore, createDiskBlobs } from '../../server/platform/blobs/index.ts'
import { AppError } from '../../server/platform/errors.ts'
import { createJournal } from '../../server/platform/journal/index.ts'
import { createLeases } from '../../server/platform/leases/index.ts'
import { createRemovals } from '../../server/platform/removals/index.ts'
import { keepRendition } from '../../server/platform/renditions/index.ts'
import type { SpeechRungsOptions } from '../../server/transcripts/engines/rungs.ts'
import { createTranscripts } from '../../server/transcripts/index.ts'
import { createVideos, type NewVideo } from '../../server/videos/index.ts'
import { type RoomEvent, VideoId, videoStream } from '../../shared/index.ts'
import { openTestDatabase } from '../support/open-test-database.ts'
import { noJobs, nothingFollows, runByHand } from '../support/without-jobs.ts'
import { faults, json, startSpeechService } from './service.ts'
import { openFolder, silence, speak, writeAudio } from './speech.ts'

const media = process.env.RUSHES_MEDIA
const speech = await speak('we decided to launch the new product in october.')
const spoken = 'we decided to launch the new product in october'

async function storeBlob(blobs: BlobStore, key: string, bytes: Uint8Array): Promise<string> {
  const draft = await blobs.draft(key)
  await pipeline([bytes], draft.stream)
  await draft.commit()
  return key
}

/** The domain on a real database, journal and video record, with blobs in a temporary folder. */
async function openTranscripts(speechOptions: Partial<SpeechRungsOptions>) {
  const [folder, opened] = await Promise.all([openFolder(), openTestDatabase()])
  const { database, log } = opened
  const journal = createJournal({ database, ...nothingFollows, log })
  const blobs = createDiskBlobs({ directory: join(folder.path, 'blobs') })
  const ffmpeg = createFfmpeg({ threads: 1 })
  const videos = createVideos({
    database,
    journal,
    blobs,
    removals: createRemovals({ database, blobs, log }),
    leases: createLeases({ database, log }),
    notify: () => {},
    jobs: noJobs,
  })
  const whisper = { model: 'none/here', modelsDir: folder.path, allowDownload: false }
  const transcripts = createTranscripts({
    database,
    journal,
    blobs,
    videos,
    ffmpeg,
    log,
    speech: { transcriber: 'auto', whisper, openai: {}, ...speechOptions },
  })

  async function addVideo(given: {
    audio?: Int16Array[]
    captions?: string
    film?: string
    subtitleStreams?: NewVideo['inspection']['subtitleStreams']
  }) {
    const id = VideoId.parse(uuidv7())
    const original = await storeBlob(
      blobs,
      `videos/${id}/original`,
      given.film ? await readFile(given.film) : new Uint8Array([0]),
    )
    const captions =
      given.captions === undefined ? null : await storeBlob(blobs, `videos/${id}/captions`, Buffer.from(given.captions))
    await journal.transact((tx, append) =>
      videos.create(
        tx,
        append,
        newVideo({ id, originalBlob: original, captionsBlob: captions }, given.subtitleStreams),
      ),
    )
    if (given.audio) {
      const { audioPath } = await writeAudio(folder.path, given.audio)
      const key = await storeBlob(blobs, `videos/${id}/audio`, await readFile(audioPath))
      const audio = { name: 'audio', key, sizeBytes: 0, contentType: 'audio/wav' }
      await journal.transact(tx => keepRendition(tx, { stream: videoStream(id), ...audio }))
    }
    return id
  }
  const transcribe = async (id: VideoId, signal = new AbortController().signal): Promise<RoomEvent[]> => {
    await runByHand(journal, transcripts.jobs.transcript, { videoId: id, signal, log })
    return (await journal.since(videoStream(id), 0, 1000)).filter(event => event.type.startsWith('transcript.'))
  }
  return {
    ...{ addVideo, transcribe, transcripts, videos, journal, database },
    async [Symbol.asyncDispose]() {
      await transcripts.stop()
      await ffmpeg.stop()
      await opened[Symbol.asyncDispose]()
      await folder[Symbol.asyncDispose]()
    },
  }
}

function newVideo(
  ids: { id: VideoId; originalBlob: string; captionsBlob: string | null },
  subtitleStreams: NewVideo['inspection']['subtitleStreams'] = [],
): NewVideo {
  const facts = {
    contentType: 'video/mp4',
    container: 'mp4',
    fastStart: true,
    videoStream: 0,
    audioStream: 1,
    pixelFormat: 'yuv420p',
    subtitleStreams,
  }
  const shown = { durationSeconds: 200, width: 1, height: 1, frameRate: 25, videoCodec: 'h264', audioCodec: 'aac' }
  return {
    ...ids,
    title: 'Talk',
    filename: 'talk.mp4',
    source: 'upload',
    sizeBytes: 1,
    checksum: `sha256:${'0'.repeat(64)}`,
    playable: true,
    inspection: { ...facts, ...shown },
  }
}

const typesOf = (events: RoomEvent[]) => events.map(event => event.type)
const vtt = 'WEBVTT\n\n00:01.000 --> 00:02.500\nHello <b>there</b>.\n\n00:03.000 --> 00:04.000\n<v Ada>Bye.\n'

test('uploaded subtitles are taken before anything listens', async () => {
  await using app = await openTranscripts({})
  const id = await app.addVideo({ captions: vtt, audio: [speech] })
  assert.deepEqual(typesOf(await app.transcribe(id)), ['transcript.segments', 'transcript.ready'])
  const transcript = await app.transcripts.get(id)
  assert.deepEqual(
    transcript?.segments.map(({ text, speaker }) => [text, speaker]),
    [
      ['Hello there.', undefined],
      ['Bye.', 'Ada'],
    ],
  )
  assert.equal(transcript?.engine, 'subtitles uploaded')
  assert.equal((await app.videos.get(id)).transcriptState, 'ready')
})

for (const film of ['mkv_srt.mkv', 'mp4_tx3g_subtitles.mp4']) {
  test(`the subtitles inside ${film} are taken`, {
    skip: media === undefined && 'RUSHES_MEDIA is not set',
  }, async () => {
    await using app = await openTranscripts({ transcriber: 'subtitles' })
    const subtitleStreams = [{ index: 2, codec: 'subrip', language: 'eng' }]
    const id = await app.addVideo({ film: join(media ?? '', 'files/odd', film), subtitleStreams })
    await app.transcribe(id)
    const transcript = await app.transcripts.get(id)
    assert.deepEqual(
      transcript?.segments.map(segment => segment.text),
      ['Hello world!', 'This is a test.', 'Goodbye!'],
    )
    assert.deepEqual([transcript?.engine, transcript?.language], ['subtitles embedded', 'en'])
    assert.ok(transcript?.segments.every(({ words }) => words.length > 0 && words.every(word => word.estimated)))
  })
}

test('subtitles that cannot be read are passed over', async () => {
  await using app = await openTranscripts({})
  const id = await app.addVideo({ captions: 'no captions at all', audio: [speech] })
  await app.transcribe(id)
  const transcript = await app.transcripts.get(id)
  assert.deepEqual([transcript?.engine, transcript?.segments.map(segment => segment.text)], ['pocketsphinx', [spoken]])
})

for (const name of ['answers 500', 'never answers', 'answers malformed JSON'] as const) {
  test(`when the service ${name} half-way, the next rung starts over and nothing of the first is left`, async () => {
    const lie = json({ text: 'a first piece, heard quite wrongly' })
    await using service = await startSpeechService(lie, faults[name] ?? lie)
    const openai = { apiKey: 'test', model: 'whisper-1', baseUrl: service.baseUrl, retries: 0, timeoutSeconds: 1 }
    await using app = await openTranscripts({ openai })
    const id = await app.addVideo({ audio: [speech, silence(100), speech] })
    const events = await app.transcribe(id)
    assert.equal(service.bodies.length, 2)
    assert.equal(typesOf(events).at(-1), 'transcript.ready')
    const transcript = await app.transcripts.get(id)
    assert.deepEqual(
      [transcript?.engine, transcript?.segments.map(({ index, text }) => [index, text])],
      [
        'pocketsphinx',
        [
          [0, spoken],
          [1, spoken],
        ],
      ],
    )
  })
}

test('segments reach the room as they are recognised; what a stopped attempt left is replaced by the next', async () => {
  const stop = new AbortController()
  const stopping = new AppError('server.stopping', 'The server is stopping.')
  const first = json({ text: 'what was heard before the stop' })
  await using service = await startSpeechService(
    first,
    () => stop.abort(stopping),
    json({ text: 'first' }),
    json({ text: 'second' }),
  )
  await using app = await openTranscripts({
    openai: { apiKey: 'test', model: 'whisper-1', baseUrl: service.baseUrl, retries: 0 },
  })
  const id = await app.addVideo({ audio: [speech, silence(100), speech] })
  await assert.rejects(app.transcribe(id, stop.signal), stopping)
  const early = (await app.journal.since(videoStream(id), 0, 100)).filter(event => event.type === 'transcript.segments')
  assert.deepEqual(
    early.map(({ payload }) => payload.segments.map(segment => segment.text)),
    [['what was heard before the stop']],
  )
  assert.equal(await app.transcripts.get(id), null)
  await app.transcribe(id)
  assert.deepEqual(
    (await app.transcripts.get(id))?.segments.map(({ index, text }) => [index, text]),
    [
      [0, 'first'],
      [1, 'second'],
    ],
  )
})

test('with no rung left the video says why, rung for rung, and is not held up', async () => {
  await using app = await openTranscripts({ transcriber: 'whisper' })
  const id = await app.addVideo({ captions: vtt, audio: [speech] })
  const [event] = await app.transcribe(id)
  assert.ok(event?.type === 'transcript.unavailable')
  assert.match(event.payload.reason, /whisper: none\/here is not in the models directory/)
  const video = await app.videos.get(id)
  assert.deepEqual([video.transcriptState, video.transcriptReason], ['unavailable', event.payload.reason])
  const route = app.transcripts.routes['videos.transcript']
  await assert.rejects(route({ params: { id } } as Parameters<typeof route>[0]), {
    code: 'transcript.unavailable',
    message: event.payload.reason,
  })
})

test('what a service complained of in words that can not be stored is told all the same', async () => {
  await using service = await startSpeechService(faults['complains in words that can not be stored'] ?? (() => {}))
  const openai = { apiKey: 'test', model: 'whisper-1', baseUrl: service.baseUrl, retries: 0 }
  await using app = await openTranscripts({ transcriber: 'openai', openai })
  const id = await app.addVideo({ audio: [speech] })
  await app.transcribe(id)
  assert.match((await app.videos.get(id)).transcriptReason ?? '', /openai: 400 a NUL \ufffd and half a pair \ufffd/)
})

test('a video without sound and subtitles has no transcript, and one that waits for it says so', async () => {
  await using app = await openTranscripts({})
  const id = await app.addVideo({})
  const route = app.transcripts.routes['videos.transcript']
  await assert.rejects(route({ params: { id } } as Parameters<typeof route>[0]), { code: 'transcript.not_ready' })
  const [event] = await app.transcribe(id)
  assert.ok(event?.type === 'transcript.unavailable')
  assert.match(event.payload.reason, /no sound/)
})

test('hundreds of subtitles reach the room in frames of at most 100, numbered through', async () => {
  await using app = await openTranscripts({})
  const clock = (at: number) => `00:${String(Math.floor(at / 60)).padStart(2, '0')}:${String(at % 60).padStart(2, '0')}`
  const cues = Array.from({ length: 180 }, (_, at) => `${clock(at)}.000 --> ${clock(at)}.900\nline ${at}\n`)
  const id = await app.addVideo({ captions: `WEBVTT\n\n${cues.join('\n')}` })
  const groups = (await app.transcribe(id)).flatMap(event =>
    event.type === 'transcript.segments' ? [event.payload.segments] : [],
  )
  assert.ok(groups.every(group => group.length <= 100))
  assert.deepEqual(
    groups.flat().map(({ index, text }) => [index, text]),
    cues.map((_, at) => [at, `line ${at}`]),
  )
})

test('health names every rung, and why it is passed over', async () => {
  await using app = await openTranscripts({})
  const { rung, rungs } = await app.transcripts.health()
  assert.equal(rung, 'pocketsphinx')
  assert.deepEqual(
    rungs.map(({ name, available }) => [name, available]),
    [
      ['subtitles', true],
      ['whisper', false],
      ['openai', false],
      ['pocketsphinx', true],
    ],
  )
  assert.ok(rungs.every(({ reason }) => reason.length > 10))
})
