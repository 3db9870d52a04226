import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import type { Video } from '../../client-sdk/src/index.ts'
import { type TestApp, until } from '../support/start-test-app.ts'

/** What browsers play, in whatever wrapping they open. */
const shown = ['h264 yuv420p', 'h264 yuvj420p', 'vp8 yuv420p', 'vp9 yuv420p', 'av1 yuv420p', 'av1 yuv420p10le']
const heard = ['aac', 'mp3', 'opus', 'vorbis', 'flac', 'pcm_s16le']

export interface Told {
  durationSeconds: number
  /** Upright, in square pixels; null for what is only sound. */
  size: string | null
  /** The streams of what is streamed, such as `h264 aac`. */
  streams: string
}

interface ProbedStream {
  codec_type: string
  codec_name: string
  pix_fmt?: string
  width?: number
  height?: number
  sample_aspect_ratio?: string
  side_data_list?: { rotation?: number }[]
  disposition: { attached_pic: number }
}

/** Everything of a film is settled: its streams are what browsers play, its pictures are there, and it is what it says. */
export async function toldThroughout(app: TestApp, { id }: Video, scratchFile: string): Promise<Told> {
  const { videos } = app.rushes
  const video = await videos.untilReady(id)
  await until('its scenes are settled', async () => {
    const { progress } = await videos.status(id)
    return progress.stages.every(({ state }) => ['done', 'skipped'].includes(state))
  })
  assert.deepEqual([video.playable, video.error, video.transcriptState], [true, null, 'unavailable'])
  assert.ok(video.transcriptReason)
  const bytes = await bodyOf(videos.streamUrl(id))
  assert.ok(bytes)
  writeFileSync(scratchFile, bytes)
  const { streams, endSeconds } = probed(scratchFile)
  // Some originals hold their last frame for longer.
  const picture = streams.find(stream => stream.codec_type === 'video' && stream.disposition.attached_pic === 0)
  const sound = streams.find(stream => stream.codec_type === 'audio')
  if (picture)
    assert.ok(shown.includes(`${picture.codec_name} ${picture.pix_fmt}`), `${picture.codec_name} ${picture.pix_fmt}`)
  if (sound) assert.ok(heard.includes(sound.codec_name), sound.codec_name)
  assert.ok(
    Math.abs(endSeconds - video.durationSeconds) < 0.55,
    `ends after ${endSeconds} s, not ${video.durationSeconds}`,
  )
  if (bytes.toString('latin1', 4, 8) === 'ftyp')
    assert.ok(bytes.indexOf('moov') < bytes.indexOf('mdat'), 'its index comes last')
  await assertPictures(app, video)
  const size = video.width === null ? null : `${video.width}x${video.height}`
  if (picture) assert.ok(sameShape(picture, video), `${JSON.stringify(picture)} is not ${size}`)
  return {
    durationSeconds: video.durationSeconds,
    size,
    streams: [picture, sound].flatMap(stream => stream?.codec_name ?? []).join(' '),
  }
}

async function assertPictures({ rushes }: TestApp, { id, width, links }: Video): Promise<void> {
  const thumbnail = await bodyOf(rushes.videos.thumbnailUrl(id))
  assert.equal(thumbnail !== null, links.thumbnail !== null)
  if (thumbnail) assert.equal(thumbnail.readUInt16BE(0), 0xffd8, 'the thumbnail is no JPEG')
  if (width === null) return
  assert.ok(thumbnail, 'it has no thumbnail')
  assert.ok((await rushes.videos.storyboard(id)).tiles.length > 0)
  assert.ok((await rushes.videos.scenes(id)).length > 0)
}

async function bodyOf(url: string): Promise<Buffer | null> {
  const response = await fetch(url)
  const bytes = Buffer.from(await response.arrayBuffer())
  return response.ok ? bytes : null
}

function probed(path: string): { streams: ProbedStream[]; endSeconds: number } {
  const args = ['-v', 'error', '-of', 'json', '-show_streams', '-show_format', path]
  const { stdout } = spawnSync('ffprobe', args, { encoding: 'utf8' })
  const { streams, format } = JSON.parse(stdout) as {
    streams: ProbedStream[]
    format: { duration: string; start_time?: string }
  }
  return { streams, endSeconds: Number(format.duration) + Math.max(0, Number(format.start_time) || 0) }
}

/** A copy may be smaller, and the original turned by its player. */
function sameShape(
  { width = 0, height = 1, sample_aspect_ratio: shape, side_data_list: sides }: ProbedStream,
  video: Video,
): boolean {
  const [across = 1, down = 1] = /^[1-9]\d*:[1-9]\d*$/.test(shape ?? '') ? (shape ?? '').split(':').map(Number) : []
  const ratio = (width * across) / (height * down)
  const turned = Math.abs(sides?.find(side => side.rotation !== undefined)?.rotation ?? 0) % 180 === 90
  return Math.abs((turned ? 1 / ratio : ratio) / ((video.width ?? 1) / (video.height ?? 1)) - 1) < 0.02
}
