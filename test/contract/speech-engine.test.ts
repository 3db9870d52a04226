import assert from 'node:assert/strict'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { createFfmpeg } from '../../server/media/index.ts'
import { createDiskBlobs } from '../../server/platform/blobs/index.ts'
import { createLog } from '../../server/platform/log.ts'
import type { SpeechEngine } from '../../server/transcripts/engine.ts'
import { createOpenAiSpeech } from '../../server/transcripts/engines/openai.ts'
import { createPocketsphinx } from '../../server/transcripts/engines/pocketsphinx.ts'
import { createSpeechRungs } from '../../server/transcripts/engines/rungs.ts'
import { createSubtitles } from '../../server/transcripts/engines/subtitles.ts'
import { createWhisper } from '../../server/transcripts/engines/whisper.ts'
import type { VideoRecord } from '../../server/videos/index.ts'
import { writeTinyWhisper } from '../support/tiny-models/tiny-whisper.ts'
import { json, startSpeechService } from '../transcripts/service.ts'
import { listen, openFolder, silence, speak, writeAudio } from '../transcripts/speech.ts'

interface Opened {
  engine: SpeechEngine
  close?(): Promise<void>
}
const models = process.env.RUSHES_MODELS

/** Every engine, as it is opened with a folder of its own. */
const engines: Record<string, (folder: string) => Promise<Opened>> = {
  async subtitles(folder) {
    const cues = 'WEBVTT\n\n00:01.000 --> 00:02.000\nWe launch.\n\n01:00.000 --> 01:02.000\nIn October.\n'
    const blobs = createDiskBlobs({ directory: folder })
    const draft = await blobs.draft('videos/one/captions')
    await writeFile(draft.path, cues)
    draft.stream.end()
    await new Promise(resolve => draft.stream.on('finish', resolve))
    await draft.commit()
    const ffmpeg = createFfmpeg({ threads: 1 })
    const record = {
      blobs: { original: 'none', captions: 'videos/one/captions' },
      subtitleStreams: [],
    } as unknown as VideoRecord
    return { engine: createSubtitles({ blobs, ffmpeg }, record), close: () => ffmpeg.stop() }
  },
  async whisper(folder) {
    const source = join(models ?? '', 'Xenova/whisper-tiny.en')
    await writeTinyWhisper({
      source,
      target: join(folder, 'tiny/whisper'),
      script: [{ text: 'We launch in October.', startSeconds: 0, endSeconds: 2 }],
    })
    const log = createLog({ level: 'silent', pretty: false })
    const engine = createWhisper({ model: 'tiny/whisper', modelsDir: folder, allowDownload: false, log })
    return { engine, close: engine.stop }
  },
  async openai() {
    const service = await startSpeechService(json({ language: 'english', text: 'We launch in October.' }))
    const engine = createOpenAiSpeech({ baseUrl: service.baseUrl, model: 'whisper-1', retries: 0 })
    return { engine, close: async () => service[Symbol.asyncDispose]() }
  },
  async pocketsphinx() {
    return { engine: createPocketsphinx() }
  },
}

const speech = await speak('we decided to launch the new product in october.')
const skipped: Record<string, string | false> = { whisper: models === undefined && 'RUSHES_MODELS is not set' }

for (const [name, open] of Object.entries(engines)) {
  const promise = (what: string, prove: (engine: SpeechEngine, folder: string) => Promise<void>) =>
    test(`${name}: ${what}`, { skip: skipped[name] ?? false }, async () => {
      await using folder = await openFolder()
      const opened = await open(folder.path)
      try {
        await prove(opened.engine, folder.path)
      } finally {
        await opened.close?.()
      }
    })
  const speakTwice = (folder: string) => writeAudio(folder, [silence(1), speech, silence(125), speech])

  promise('is there, under its name, and says why in a sentence', async engine => {
    const { available, reason } = await engine.check()
    assert.deepEqual([engine.name, available], [name, true])
    assert.match(reason, /^\S.{10,}\.$/)
  })

  promise(
    'tells segments in order of time, with their words inside, and percents that grow',
    async (engine, folder) => {
      const { segments, percents, language, engine: rung } = await listen(engine, await speakTwice(folder))
      assert.ok(segments.length >= 2)
      for (const [at, { startSeconds, endSeconds, text, words }] of segments.entries()) {
        assert.ok(startSeconds < endSeconds && startSeconds >= (segments[at - 1]?.startSeconds ?? 0))
        assert.ok(text.trim() !== '' && words.length > 0)
        for (const word of words)
          assert.ok(word.startSeconds >= startSeconds - 0.01 && word.endSeconds <= endSeconds + 0.01)
      }
      assert.deepEqual(
        percents,
        percents.toSorted((a, b) => a - b),
      )
      assert.ok(percents.length > 0 && percents.every(percent => percent >= 0 && percent <= 100))
      assert.ok(rung.startsWith(name))
      assert.doesNotThrow(() => new Intl.Locale(language))
    },
  )

  promise('never has two groups of segments taken at once', async (engine, folder) => {
    let taking = 0
    await engine.transcribe(await speakTwice(folder), {
      signal: new AbortController().signal,
      async onSegments() {
        assert.equal(++taking, 1)
        await new Promise(resolve => setImmediate(resolve))
        taking--
      },
      onProgress: () => {},
    })
  })

  promise('rejects with the reason of an abort, and tells nothing', async (engine, folder) => {
    const reason = new Error('the video is gone')
    let told = 0
    const options = { signal: AbortSignal.abort(reason), onSegments: () => void told++, onProgress: () => {} }
    await assert.rejects(engine.transcribe(await speakTwice(folder), options), reason)
    assert.equal(told, 0)
  })

  promise('rejects with the fault of who takes the segments', async (engine, folder) => {
    const fault = new Error('the database is gone')
    const options = {
      signal: new AbortController().signal,
      onSegments: () => Promise.reject(fault),
      onProgress: () => {},
    }
    await assert.rejects(engine.transcribe(await speakTwice(folder), options), fault)
  })

  if (name === 'subtitles') continue
  promise('hears nothing in silence', async (engine, folder) => {
    assert.deepEqual((await listen(engine, await writeAudio(folder, [silence(10)]))).segments, [])
  })
}

test('every engine that the server has is here', async () => {
  const whisper = { model: 'tiny/whisper', modelsDir: 'nowhere', allowDownload: false }
  const log = createLog({ level: 'silent', pretty: false })
  const rungs = createSpeechRungs({ transcriber: 'auto', whisper, openai: { model: 'whisper-1' } }, log)
  await rungs.stop()
  assert.deepEqual(['subtitles', ...rungs.engines.map(({ name }) => name)], Object.keys(engines))
})
