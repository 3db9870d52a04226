import type { Readable } from 'node:stream'
import type { Video } from '../../shared/index.ts'
import { AppError } from '../platform/errors.ts'
import type { FormFields } from './multipart.ts'
import { type Received, receiveFile } from './receive-file.ts'
import type { Incoming, UploadsOptions } from './uploads.ts'

export interface UploadService {
  /** Takes one file and makes it a video. Whatever goes wrong, nothing is left behind. */
  take(
    incoming: Incoming,
    source: Readable,
    options: { fields: Promise<FormFields>; signal: AbortSignal },
  ): Promise<Video>
}

const mebibyte = 1024 * 1024

export function createUploadService(options: UploadsOptions): UploadService {
  const { videos, journal, blobs, probe, browserPlays, checkCaptions, limits, log, metrics } = options

  const storeCaptions = async (key: string, bytes: Uint8Array) => {
    checkCaptions(bytes)
    const draft = await blobs.draft(key)
    draft.stream.end(bytes)
    await new Promise<void>((resolve, reject) => draft.stream.once('finish', resolve).once('error', reject))
    await draft.commit()
  }

  const record = (
    incoming: Incoming,
    received: Received,
    extra: { inspection: Parameters<typeof browserPlays>[0]; captionsBlob: string | null },
  ) =>
    journal.transact((tx, append) =>
      videos.create(tx, append, {
        ...incoming,
        ...received,
        ...extra,
        source: 'upload',
        originalBlob: `videos/${incoming.id}/original`,
        playable: browserPlays(extra.inspection),
      }),
    )

  return {
    async take(incoming, source, { fields, signal }) {
      const folder = `videos/${incoming.id}/`
      const draft = await blobs.draft(`${folder}original`)
      try {
        const checkHead = (head: Uint8Array) => probe.sniff(head, incoming.filename)
        const received = await receiveFile(source, draft, { maxBytes: limits.uploadBytes, checkHead, signal })
        const inspection = await probe.inspect(draft.path, { filename: incoming.filename, signal })
        const { title, captions } = await fields
        const captionsBlob = captions ? `${folder}captions` : null
        if (captions && captionsBlob) await storeCaptions(captionsBlob, captions)
        await draft.commit()
        const video = await record({ ...incoming, title: title ?? incoming.title }, received, {
          inspection,
          captionsBlob,
        })
        metrics.uploadedBytes.inc(received.sizeBytes)
        log.info({ videoId: video.id, megabytes: Math.round(received.sizeBytes / mebibyte) }, 'video stored')
        return video
      } catch (fault) {
        await draft.discard()
        await blobs.removeAll(folder)
        const failure = signal.aborted ? signal.reason : fault
        if (failure instanceof AppError) metrics.refusedUploads.inc({ code: failure.code })
        throw failure
      }
    },
  }
}
