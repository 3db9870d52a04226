import type { Video } from '../../shared/index.ts'
import type { BlobDraft, BlobStore } from '../platform/blobs/index.ts'
import { AppError } from '../platform/errors.ts'
import type { NewVideo, UploadStage } from '../videos/index.ts'
import type { FormFields } from './multipart.ts'
import type { CheckFile, Received } from './receive-file.ts'
import type { Incoming, UploadsOptions } from './uploads.ts'

export interface Taking {
  /** Brings the bytes into the draft, checked on the way. */
  fill: (draft: BlobDraft, check: CheckFile) => Promise<Received>
  signal: AbortSignal
  /** For bytes that lie in the store already. The store's own when not given. */
  draft?: BlobStore['draft'] | undefined
  /** What came along; nothing when not given. */
  fields?: Promise<FormFields>
  /** Writes the video, in the transaction that makes it one. `create` when not given. */
  record?: (writing: Parameters<UploadStage['complete']>[0], video: NewVideo) => Promise<Video>
}

export interface UploadService {
  /** Takes one file and makes it a video, whichever way it came. Whatever goes wrong, nothing is left behind. */
  take(incoming: Incoming, taking: Taking): Promise<Video>
}

const mebibyte = 1024 * 1024
const nothingBeside: Promise<FormFields> = Promise.resolve({ title: null, captions: null })

export function createUploadService(options: UploadsOptions): UploadService {
  const { videos, journal, blobs, writer, probe, browserPlays, checkCaptions, limits, log, metrics } = options

  const storeCaptions = async (key: string, bytes: Uint8Array) => {
    checkCaptions(bytes)
    const draft = await blobs.draft(key)
    draft.stream.end(bytes)
    await new Promise<void>((resolve, reject) => draft.stream.once('finish', resolve).once('error', reject))
    await draft.commit()
  }

  const store = async (incoming: Incoming, draft: BlobDraft, taking: Taking): Promise<NewVideo> => {
    const { id, filename, way } = incoming
    const { signal, fields = nothingBeside } = taking
    const checkHead = (head: Uint8Array) => probe.sniff(head, filename)
    const received = await taking.fill(draft, { maxBytes: limits.uploadBytes, checkHead, signal, writer })
    const inspection = await probe.inspect(draft.path, { filename, signal })
    const { title, captions } = await fields
    const captionsBlob = captions ? `videos/${id}/captions` : null
    if (captions && captionsBlob) await storeCaptions(captionsBlob, captions)
    await draft.commit()
    const source = way === 'direct' ? ('direct' as const) : ('upload' as const)
    const bytes = { ...received, inspection, originalBlob: `videos/${id}/original`, captionsBlob }
    return { id, filename, title: title ?? incoming.title, source, ...bytes, playable: browserPlays(inspection) }
  }

  return {
    async take(incoming, taking) {
      const { record = ({ tx, append }, video) => videos.create(tx, append, video), draft: draftOf = blobs.draft } =
        taking
      const folder = `videos/${incoming.id}/`
      const draft = await draftOf(`${folder}original`, { signal: taking.signal })
      try {
        const stored = await store(incoming, draft, taking)
        const video = await journal.transact((tx, append) => record({ tx, append }, stored))
        metrics.uploadedBytes.inc(video.sizeBytes)
        metrics.uploads.inc({ way: incoming.way })
        const megabytes = Math.round(video.sizeBytes / mebibyte)
        log.info({ videoId: video.id, way: incoming.way, megabytes }, 'video stored')
        return video
      } catch (fault) {
        await draft.discard()
        await blobs.removeAll(folder)
        const failure = taking.signal.aborted ? taking.signal.reason : fault
        if (failure instanceof AppError) metrics.refusedUploads.inc({ code: failure.code })
        throw failure
      }
    },
  }
}
