import { finished } from 'node:stream/promises'
import type { Video } from '../../shared/index.ts'
import type { BlobDraft, BlobStore } from '../platform/blobs/index.ts'
import { AppError, messageOf } from '../platform/errors.ts'
import type { Lease } from '../platform/leases/index.ts'
import type { Attempt, NewVideo, UploadStage } from '../videos/index.ts'
import type { FormFields } from './multipart.ts'
import type { CheckFile, Received } from './receive-file.ts'
import type { Incoming, UploadsOptions } from './uploads.ts'

export interface Taking {
  /** Brings the bytes into the draft, checked on the way. */
  fill: (draft: BlobDraft, check: CheckFile) => Promise<Received>
  signal: AbortSignal
  /** Of its film. */
  lease: Lease
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

const mebibyte = 1024 * 1024
const nothingBeside: Promise<FormFields> = Promise.resolve({ title: null, captions: null })

/** One attempt to take a film, and what it has stored so far. */
interface Attempted {
  incoming: Incoming
  taking: Taking
  made: { original: string | null; captions: string[] }
}

export function createUploadService(options: UploadsOptions): UploadService {
  const { database, videos, journal, blobs, writer, probe, browserPlays, checkCaptions, limits, log, metrics } = options
  const { originals, quota } = videos

  const storeCaptions = async (key: string, bytes: Uint8Array) => {
    checkCaptions(bytes)
    const draft = await blobs.draft(key)
    try {
      draft.stream.end(bytes)
      await finished(draft.stream)
      await draft.commit()
    } finally {
      await draft.discard()
    }
  }

  const receive = async ({ incoming: { id, filename }, taking }: Attempted, draft: BlobDraft): Promise<Received> => {
    const checkHead = (head: Uint8Array) => probe.sniff(head, filename)
    const room = await quota.roomFor(id)
    const maxBytes = Math.min(limits.uploadBytes, room)
    return await taking.fill(draft, { maxBytes, checkHead, signal: taking.signal, writer }).catch(async fault => {
      const full = room < limits.uploadBytes && fault instanceof AppError && fault.code === 'upload.too_large'
      throw full ? quota.exceeded(await quota.usage()) : fault
    })
  }

  const store = async (attempted: Attempted, draft: BlobDraft): Promise<NewVideo> => {
    const { incoming, taking, made } = attempted
    const { id, filename, requestedBy, way } = incoming
    const { signal, lease, fields = nothingBeside } = taking
    const received = await receive(attempted, draft)
    const inspection = await probe.inspect(draft.path, { filename, signal })
    const { title, captions } = await fields
    // A name that no other attempt has: whoever fails removes its own.
    const captionsBlob = captions ? `videos/${id}/captions-${lease.holder}` : null
    if (captions && captionsBlob) {
      made.captions.push(captionsBlob)
      await storeCaptions(captionsBlob, captions)
    }
    signal.throwIfAborted()
    const originalBlob = await originals.place({ videoId: id, lease }, draft, received)
    made.original = originalBlob
    const source = way === 'direct' ? ('direct' as const) : ('upload' as const)
    const bytes = { ...received, inspection, originalBlob, captionsBlob }
    const about = { id, filename, title: title ?? incoming.title, source, requestedBy }
    return { ...about, ...bytes, playable: browserPlays(inspection) }
  }

  const bring = async (attempted: Omit<Attempted, 'taking'>, given: Taking): Promise<Video> => {
    const { record = ({ tx, append }, video) => videos.create(tx, append, video) } = given
    const { draft: draftOf = blobs.draft, announcedBytes: bytes = 0 } = given
    const { incoming } = attempted
    const { lease } = given
    await database.transaction(async tx => {
      await lease.confirm(tx)
      // Kept as long as this attempt lives; it adds nothing to how long the film is waited for.
      await quota.reserve(tx, { videoId: incoming.id, bytes, seconds: 0 })
    })
    const signal = AbortSignal.any([given.signal, lease.signal])
    const draft = await draftOf(`videos/${incoming.id}/original`, { signal })
    try {
      const stored = await store({ ...attempted, taking: { ...given, signal } }, draft)
      signal.throwIfAborted()
      return await journal.transact(async (tx, append) => {
        await lease.confirm(tx)
        await originals.settle(tx, incoming.id)
        return record({ tx, append }, stored)
      })
    } catch (fault) {
      throw signal.aborted ? signal.reason : fault
    } finally {
      await draft.discard()
    }
  }

  return {
    async take(incoming, taking) {
      const made: Attempted['made'] = { captions: [], original: null }
      const attempt: Attempt = { videoId: incoming.id, lease: taking.lease }
      // Read beside the bytes and wanted after them: until then nobody else hears what becomes of it.
      taking.fields?.catch(() => {})
      try {
        const video = await bring({ incoming, made }, taking)
        metrics.uploadedBytes.inc(video.sizeBytes)
        metrics.uploads.inc({ way: incoming.way })
        const megabytes = Math.round(video.sizeBytes / mebibyte)
        log.info({ videoId: video.id, way: incoming.way, megabytes }, 'video stored')
        return video
      } catch (fault) {
        // Other ways may send it again, until they expire. What is another attempt's stays: it may have won.
        const keepRoom = incoming.way !== 'multipart'
        const withdrawing = { keepRoom, blob: made.original, captions: made.captions }
        await originals.withdraw(attempt, withdrawing).catch(withdrawal => {
          // The fault is what the sender has to hear: what can't be noted now lapses, and is swept.
          log.warn({ videoId: incoming.id, reason: messageOf(withdrawal) }, 'what came of a film was left to be swept')
        })
        if (fault instanceof AppError) metrics.refusedUploads.inc({ code: fault.code })
        throw fault
      }
    },
  }
}
