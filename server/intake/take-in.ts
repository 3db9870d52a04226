import { finished } from 'node:stream/promises'
import { v7 as uuidv7 } from 'uuid'
import { type Video, VideoId } from '../../shared/index.ts'
import type { BlobDraft, BlobStore, FileWriter } from '../platform/blobs/index.ts'
import type { Database } from '../platform/db/index.ts'
import { AppError, messageOf } from '../platform/errors.ts'
import type { Journal } from '../platform/journal/index.ts'
import type { Lease, Leases } from '../platform/leases/index.ts'
import type { Log } from '../platform/log.ts'
import { type Attempt, filmLease, type NewVideo, type UploadStage, type VideoService } from '../videos/index.ts'
import type { IntakeMetrics } from './metrics.ts'
import type { CheckFile, Received } from './receive-file.ts'

/** A file that is to become a video. */
export interface Film {
  /** Where it is known before the first byte; chosen when not given. */
  id?: VideoId
  source: Video['source']
  /** As it is shown: see `shownName`. */
  filename: string
  title: string
  /** The `id` of the caller who brings it, or had it brought. */
  requestedBy: string | null
}

/** What came beside the film, before or after it. */
export interface Beside {
  title: string | null
  /** WebVTT or SubRip. */
  captions: Uint8Array | null
}

export interface Bringing {
  /** Brings the bytes into the draft, checked on the way: `fromFile`, or `receiveFile` for a stream. */
  fill: (draft: BlobDraft, check: CheckFile) => Promise<Received>
  signal: AbortSignal
  /** Of its film, for who has it already; taken when not given. */
  lease?: Lease
  /** For bytes that lie in the store already. The store's own when not given. */
  draft?: BlobStore['draft'] | undefined
  /** As many are coming at least, as far as is known: room is kept for them. */
  announcedBytes?: number
  /** Nothing when not given. */
  beside?: Promise<Beside>
  /** Writes the video, in the transaction that makes it one. `create` when not given. */
  record?: (writing: Parameters<UploadStage['complete']>[0], video: NewVideo) => Promise<Video>
  /** Another attempt may follow one that failed: its room is kept, for as long as was said when it was reserved. */
  keepRoom?: boolean
  /** By which it is counted; the source when not given. */
  way?: string
}

/**
 * Makes a file a video, whichever way it came: looked into, stored once however often it comes, within the quota, and
 * recorded with its events. Whatever goes wrong, nothing is left behind. Throws what refuses a film
 * (`upload.unsupported_media`, `upload.too_large`, `video.too_long`, `storage.quota_exceeded`, …).
 */
export type TakeIn = (film: Film, bringing: Bringing) => Promise<Video>

export interface IntakeOptions {
  database: Database
  leases: Leases
  videos: Pick<VideoService, 'create' | 'originals' | 'quota'>
  journal: Journal
  blobs: BlobStore
  /** Writes what comes. */
  writer: FileWriter
  /** What the bytes are, from the bytes: the look at their head refuses early, the whole decides. Both throw `upload.unsupported_media`. */
  probe: {
    sniff(head: Uint8Array, filename: string): Promise<unknown>
    inspect(path: string, options: { filename: string; signal: AbortSignal }): Promise<NewVideo['inspection']>
  }
  /** True when browsers play such a film as it is. */
  browserPlays: (inspection: NewVideo['inspection']) => boolean
  /** Throws `upload.unsupported_captions`. */
  checkCaptions: (bytes: Uint8Array) => unknown
  /** The largest file that is taken. */
  maxBytes: number
  log: Log
  metrics: IntakeMetrics
}

const mebibyte = 1024 * 1024
const nothingBeside: Promise<Beside> = Promise.resolve({ title: null, captions: null })
/** Of a film that nobody waits for elsewhere: nothing but some room is kept while its holder is thought to live. */
const ownLeaseMs = 60_000

/** One attempt to take a film, and what it has stored so far. */
interface Attempted {
  film: Film & { id: VideoId }
  bringing: Bringing & { lease: Lease }
  made: { original: string | null; captions: string[] }
}

export function createTakeIn(options: IntakeOptions): TakeIn {
  const { database, leases, videos, journal, blobs, writer, probe, browserPlays, checkCaptions } = options
  const { maxBytes: mostBytes, log, metrics } = options
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

  const receive = async ({ film: { id, filename }, bringing }: Attempted, draft: BlobDraft): Promise<Received> => {
    const checkHead = (head: Uint8Array) => probe.sniff(head, filename)
    const room = await quota.roomFor(id)
    const maxBytes = Math.min(mostBytes, room)
    return await bringing.fill(draft, { maxBytes, checkHead, signal: bringing.signal, writer }).catch(async fault => {
      const full = room < mostBytes && fault instanceof AppError && fault.code === 'upload.too_large'
      throw full ? quota.exceeded(await quota.usage()) : fault
    })
  }

  const store = async (attempted: Attempted, draft: BlobDraft): Promise<NewVideo> => {
    const { film, bringing, made } = attempted
    const { id, filename, source, requestedBy } = film
    const { signal, lease, beside = nothingBeside } = bringing
    const received = await receive(attempted, draft)
    const inspection = await probe.inspect(draft.path, { filename, signal })
    const { title, captions } = await beside
    // A name that no other attempt has: whoever fails removes its own.
    const captionsBlob = captions ? `videos/${id}/captions-${lease.holder}` : null
    if (captions && captionsBlob) {
      made.captions.push(captionsBlob)
      await storeCaptions(captionsBlob, captions)
    }
    signal.throwIfAborted()
    const originalBlob = await originals.place({ videoId: id, lease }, draft, received)
    made.original = originalBlob
    const bytes = { ...received, inspection, originalBlob, captionsBlob }
    const about = { id, filename, title: title ?? film.title, source, requestedBy }
    return { ...about, ...bytes, playable: browserPlays(inspection) }
  }

  const bring = async (attempted: Attempted): Promise<Video> => {
    const { film, bringing } = attempted
    const { lease, draft: draftOf = blobs.draft, announcedBytes: bytes = 0 } = bringing
    const { record = ({ tx, append }, video) => videos.create(tx, append, video) } = bringing
    await database.transaction(async tx => {
      await lease.confirm(tx)
      // Kept as long as this attempt lives; it adds nothing to how long the film is waited for.
      await quota.reserve(tx, { videoId: film.id, bytes, seconds: 0 })
    })
    const signal = AbortSignal.any([bringing.signal, lease.signal])
    const draft = await draftOf(`videos/${film.id}/original`, { signal })
    try {
      const stored = await store({ ...attempted, bringing: { ...bringing, signal } }, draft)
      signal.throwIfAborted()
      return await journal.transact(async (tx, append) => {
        await lease.confirm(tx)
        await originals.settle(tx, film.id)
        return record({ tx, append }, stored)
      })
    } catch (fault) {
      throw signal.aborted ? signal.reason : fault
    } finally {
      await draft.discard()
    }
  }

  const attempt = async (attempted: Attempted): Promise<Video> => {
    const { film, bringing, made } = attempted
    const { way = film.source, keepRoom = false, lease } = bringing
    try {
      const video = await bring(attempted)
      metrics.uploadedBytes.inc(video.sizeBytes)
      metrics.uploads.inc({ way })
      log.info({ videoId: video.id, way, megabytes: Math.round(video.sizeBytes / mebibyte) }, 'video stored')
      return video
    } catch (fault) {
      const failed: Attempt = { videoId: film.id, lease }
      // What is another attempt's stays: it may have won.
      const withdrawing = { keepRoom, blob: made.original, captions: made.captions }
      await originals.withdraw(failed, withdrawing).catch(withdrawal => {
        // The fault is what the sender has to hear: what can't be noted now lapses, and is swept.
        log.warn({ videoId: film.id, reason: messageOf(withdrawal) }, 'what came of a film was left to be swept')
      })
      if (fault instanceof AppError) metrics.refusedUploads.inc({ code: fault.code })
      throw fault
    }
  }

  return async ({ id = VideoId.parse(uuidv7()), ...about }, { lease, ...bringing }) => {
    // Read beside the bytes and wanted after them: until then nobody else hears what becomes of it.
    bringing.beside?.catch(() => {})
    const film = { id, ...about }
    const made: Attempted['made'] = { captions: [], original: null }
    if (lease) return attempt({ film, bringing: { ...bringing, lease }, made })
    await using own = await leases.take(filmLease(id), { leaseMs: ownLeaseMs, lost: roomLost })
    if (!own) throw roomLost()
    return await attempt({ film, bringing: { ...bringing, lease: own }, made })
  }
}

const roomLost = () =>
  new AppError('storage.unavailable', 'This film stood still for too long, and its room was given up: send it again.')
