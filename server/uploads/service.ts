import type { Video } from '../../shared/index.ts'
import type { BlobDraft, BlobStore } from '../platform/blobs/index.ts'
import { AppError, messageOf } from '../platform/errors.ts'
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
  /** As many are coming at least, as far as is known: room is kept for them. */
  announcedBytes?: number
  /** What came along; nothing when not given. */
  fields?: Promise<FormFields>
  /** Writes the video, in the transaction that makes it one. `create` when not given. */
  record?: (writing: Parameters<UploadStage['complete']>[0], video: NewVideo) => Promise<Video>
}

export interface UploadService {
  /** Takes one file and makes it a video, whichever way it came. Whatever goes wrong, nothing is left behind. */
  take(incoming: Incoming, taking: Taking): Promise<Video>
}

/** Renewed well before it lapses. */
const reservedSeconds = 60
const renewalMs = 15_000
const mebibyte = 1024 * 1024
const nothingBeside: Promise<FormFields> = Promise.resolve({ title: null, captions: null })

export function createUploadService(options: UploadsOptions): UploadService {
  const { database, videos, journal, blobs, writer, probe, browserPlays, checkCaptions, limits, log, metrics } = options
  const { originals } = videos

  const storeCaptions = async (key: string, bytes: Uint8Array) => {
    checkCaptions(bytes)
    const draft = await blobs.draft(key)
    draft.stream.end(bytes)
    await new Promise<void>((resolve, reject) => draft.stream.once('finish', resolve).once('error', reject))
    await draft.commit()
  }

  const receive = async ({ id, filename }: Incoming, draft: BlobDraft, taking: Taking): Promise<Received> => {
    const checkHead = (head: Uint8Array) => probe.sniff(head, filename)
    const room = await originals.roomFor(id)
    const maxBytes = Math.min(limits.uploadBytes, room)
    return await taking.fill(draft, { maxBytes, checkHead, signal: taking.signal, writer }).catch(async fault => {
      const full = room < limits.uploadBytes && fault instanceof AppError && fault.code === 'upload.too_large'
      throw full ? originals.quotaExceeded(await originals.usage()) : fault
    })
  }

  const store = async (incoming: Incoming, draft: BlobDraft, taking: Taking): Promise<NewVideo> => {
    const { id, filename, way } = incoming
    const { signal, fields = nothingBeside } = taking
    const received = await receive(incoming, draft, taking)
    const inspection = await probe.inspect(draft.path, { filename, signal })
    const { title, captions } = await fields
    const captionsBlob = captions ? `videos/${id}/captions` : null
    if (captions && captionsBlob) await storeCaptions(captionsBlob, captions)
    const originalBlob = await originals.place(id, draft, received)
    const source = way === 'direct' ? ('direct' as const) : ('upload' as const)
    const bytes = { ...received, inspection, originalBlob, captionsBlob }
    return { id, filename, title: title ?? incoming.title, source, ...bytes, playable: browserPlays(inspection) }
  }

  return {
    async take(incoming, taking) {
      const { record = ({ tx, append }, video) => videos.create(tx, append, video) } = taking
      const { draft: draftOf = blobs.draft, announcedBytes = 0 } = taking
      const { id: videoId } = incoming
      // Read beside the bytes and wanted after them: until then nobody else hears what becomes of it.
      taking.fields?.catch(() => {})
      const folder = `videos/${videoId}/`
      const kept = { videoId, bytes: announcedBytes, seconds: reservedSeconds }
      const draft = await draftOf(`${folder}original`, { signal: taking.signal })
      const renewal = setInterval(() => {
        const failed = (fault: unknown) => log.warn({ reason: messageOf(fault) }, 'room for a film was not kept on')
        originals.renew(videoId, reservedSeconds).catch(failed)
      }, renewalMs)
      let originalBlob: string | null = null
      try {
        await database.transaction(tx => originals.reserve(tx, kept))
        const stored = await store(incoming, draft, taking)
        originalBlob = stored.originalBlob
        const video = await journal.transact(async (tx, append) => {
          const recorded = await record({ tx, append }, stored)
          await originals.settle(tx, videoId)
          return recorded
        })
        metrics.uploadedBytes.inc(video.sizeBytes)
        metrics.uploads.inc({ way: incoming.way })
        const megabytes = Math.round(video.sizeBytes / mebibyte)
        log.info({ videoId: video.id, way: incoming.way, megabytes }, 'video stored')
        return video
      } catch (fault) {
        await draft.discard()
        await blobs.removeAll(folder)
        // Other ways may send it again, until they expire.
        await originals.withdraw(videoId, { keepRoom: incoming.way !== 'multipart', blob: originalBlob })
        const failure = taking.signal.aborted ? taking.signal.reason : fault
        if (failure instanceof AppError) metrics.refusedUploads.inc({ code: failure.code })
        throw failure
      } finally {
        clearInterval(renewal)
      }
    },
  }
}
