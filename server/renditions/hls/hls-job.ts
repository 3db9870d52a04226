import { isHdr, type MediaStream } from '../../media/index.ts'
import type { BlobDraft } from '../../platform/blobs/index.ts'
import type { JobContext } from '../../platform/jobs/index.ts'
import { type StageOutcome, stageJob, type VideoRecord } from '../../videos/index.ts'
import type { HlsOptions } from '../options.ts'
import type { Source } from '../source.ts'
import { indexTrack } from './index-track.ts'
import { averageBitRate, type Track, trackKey } from './ladder.ts'
import { makeCopy, makeRungs, makeSound, pictureIn, type Target } from './make-ladder.ts'
import { type Rung, rungsOf } from './plan.ts'
import { createPublisher, type Publisher } from './publisher.ts'

/** Nobody waits for it: a film is ready without. */
export const hlsJob = (options: HlsOptions) =>
  stageJob(options.videos.stages, {
    stage: 'hls',
    ...{ lane: 'media', urgency: 0, attempts: 2, timeoutSeconds: options.timeoutSeconds },
    async work({ record, report, context }) {
      if (options.hlsLadder.length === 0) return { state: 'skipped', reason: 'HLS is switched off' }
      return makeLadder({ options, record, context, report })
    },
  })

interface Work {
  options: HlsOptions
  record: VideoRecord
  context: JobContext
  report: Source['report']
}

/** Each rung is listed as soon as it is whole; what an earlier attempt finished is kept. */
async function makeLadder(work: Work): Promise<StageOutcome> {
  const { options, record } = work
  const publisher = await createPublisher(options, record)
  return options.blobs.withFile(record.blobs.original, async path => {
    const facts = await options.ffmpeg.probe(path, { signal: work.context.signal })
    const picture = pictureIn(facts, record.videoStream)
    await makeQuickOnes(work, publisher, { path, picture })
    const copy = publisher.find('source')
    const rungs = picture ? rungsOf(record, options.hlsLadder, copy ? averageBitRate(copy) : null) : []
    const missing = rungs.filter(({ name }) => !publisher.find(name))
    if (picture && missing.length > 0) await makeMissing(work, publisher, { path, picture, missing })
    return publisher.isEmpty() ? { state: 'skipped', reason: 'nothing in it can be played by HLS' } : { state: 'done' }
  })
}

interface Original {
  path: string
  picture: MediaStream | null
}

/** The sound, and the picture as it is: a moment's work, after which the film plays. */
async function makeQuickOnes(work: Work, publisher: Publisher, original: Original): Promise<void> {
  const { record, options } = work
  // The copy for browsers is H.264 where the original isn't; but its colours are those of the original.
  const { playback } = record.renditions
  if (!playback || (original.picture && isHdr(original.picture))) {
    const streams = { picture: record.videoStream, sound: record.audioStream }
    return quick(work, publisher, { path: original.path, ...streams, interlaced: false })
  }
  await options.blobs.withFile(playback.key, async path => {
    const { streams } = await options.ffmpeg.probe(path, { signal: work.context.signal })
    const indexOf = (kind: 'video' | 'audio') => streams.find(stream => stream.kind === kind)?.index ?? null
    const interlaced = original.picture?.interlaced ?? false
    await quick(work, publisher, { path, picture: indexOf('video'), sound: indexOf('audio'), interlaced })
  })
}

async function quick(
  work: Work,
  publisher: Publisher,
  from: { path: string; picture: number | null; sound: number | null; interlaced: boolean },
): Promise<void> {
  const { options } = work
  const source = sourceOf(work, from.path)
  const { streams } = await options.ffmpeg.probe(from.path, { signal: source.signal })
  const sound = streams.find(({ index, kind }) => index === from.sound && kind === 'audio')
  if (sound && !publisher.find('audio'))
    await derive(work, publisher, 'audio', target => makeSound(source, sound, target))
  const picture = streams.find(({ index, kind }) => index === from.picture && kind === 'video')
  if (picture && !from.interlaced && !publisher.find('source'))
    await derive(work, publisher, 'source', target => makeCopy(source, picture, target))
}

async function derive(
  { options, record }: Work,
  publisher: Publisher,
  name: string,
  make: (target: Target) => Promise<Track | null>,
): Promise<void> {
  const draft = await options.blobs.draft(trackKey(record.video.id, name))
  try {
    const track = await make({ name, path: draft.path })
    if (!track) return
    await draft.commit()
    await publisher.publish(track)
  } finally {
    await draft.discard()
  }
}

async function makeMissing(
  work: Work,
  publisher: Publisher,
  { path, picture, missing }: { path: string; picture: MediaStream; missing: readonly Rung[] },
): Promise<void> {
  const { options, record } = work
  await using drafts = new AsyncDisposableStack()
  const targets: { rung: Rung; path: string; draft: BlobDraft }[] = []
  for (const rung of missing) {
    const draft = await options.blobs.draft(trackKey(record.video.id, rung.name))
    drafts.defer(() => draft.discard())
    targets.push({ rung, path: draft.path, draft })
  }
  await makeRungs(sourceOf(work, path), picture, targets)
  for (const { rung, draft } of targets) {
    const track = await indexTrack(draft.path, rung.name)
    if (!track) throw new Error(`The rung ${rung.name} does not begin with a keyframe`)
    await draft.commit()
    await publisher.publish(track)
  }
}

const sourceOf = ({ options, record, context, report }: Work, path: string): Source => ({
  ...{ ffmpeg: options.ffmpeg, record, path, signal: context.signal, timeoutSeconds: options.timeoutSeconds, report },
})
