import { statSync } from 'node:fs'
import { v7 as uuidv7 } from 'uuid'
import type { Ffmpeg } from '../../server/media/index.ts'
import { createProbe } from '../../server/probe/index.ts'
import type { Source } from '../../server/renditions/source.ts'
import type { VideoRecord } from '../../server/videos/index.ts'
import { VideoId } from '../../shared/index.ts'

/** A film on disk as the renditions get to see it, its record filled by a real inspection. */
export async function sourceOf(ffmpeg: Ffmpeg, path: string): Promise<Source & { percents: number[] }> {
  const { subtitleStreams, ...found } = await createProbe({ ffmpeg, limits: { maxDurationSeconds: 3600 } }).inspect(
    path,
    { filename: path },
  )
  const { durationSeconds, width, height, frameRate, videoCodec, audioCodec, ...media } = found
  const now = new Date().toISOString()
  const record: VideoRecord = {
    ...media,
    subtitleStreams,
    blobs: { original: 'videos/x/original', captions: null },
    renditions: {},
    video: {
      id: VideoId.parse(uuidv7()),
      title: 'Film',
      filename: 'film',
      source: 'upload',
      status: 'processing',
      progress: { percent: 0, stages: [] },
      duration: '',
      ...{ durationSeconds, width, height, frameRate, videoCodec, audioCodec },
      sizeBytes: statSync(path).size,
      checksum: `sha256:${'0'.repeat(64)}`,
      duplicateOf: null,
      playable: false,
      transcriptState: 'pending',
      transcriptReason: null,
      transcriptLanguage: null,
      ...{ createdAt: now, updatedAt: now, readyAt: null, error: null },
      links: {
        stream: '',
        hls: null,
        thumbnail: null,
        storyboard: null,
        waveform: null,
        scenes: null,
        transcript: null,
        page: '',
      },
    },
  }
  const percents: number[] = []
  const signal = new AbortController().signal
  return { ffmpeg, record, path, signal, timeoutSeconds: 120, report: percent => percents.push(percent), percents }
}
