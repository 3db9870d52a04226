import { randomUUID } from 'node:crypto'
import { type DirectUpload, resumablePath, type SignedPart, type Video } from '../../shared/index.ts'
import type { StoredPart } from '../platform/blobs/index.ts'
import { AppError, messageOf } from '../platform/errors.ts'
import { cutUp, mostPutBytes, type PartPlan } from './part-plan.ts'
import { findUpload, forgetParts, noteParts, type UploadRow } from './queries.ts'
import { type HeldUpload, type Receivers, unknownUpload } from './receivers.ts'
import { notAsAnnounced, type TakeDirect } from './take-direct.ts'
import type { UploadsOptions } from './uploads.ts'

/** Films that their senders write to the object store themselves, under keys that nothing else has. */
export interface DirectToBucket {
  /** Where the film of a new upload may be written, and how long. */
  place(expiresSeconds: number): Pick<UploadRow, 'incomingBlob'> & { expiresSeconds: number }
  /** What its sender has to know; without a place in the store, the film comes here. */
  addresses(row: Pick<UploadRow, 'id' | 'incomingBlob' | 'sizeBytes' | 'expiresAt'>): Promise<DirectUpload>
  /** Throws what `Receivers.find` throws, and `request.invalid` for parts that the film does not have. */
  signParts(id: string, numbers: readonly number[]): Promise<SignedPart[]>
  /**
   * The film is there: it is looked at like any other, and becomes the video's. Once that is done, the same video is the
   * answer. Throws what `Receivers.hold` throws, what refuses a film, `upload.no_file` and `upload.interrupted`.
   */
  complete(id: string, parts?: readonly StoredPart[]): Promise<Video>
  /** Forgets what was sent; the upload waits again. */
  abort(id: string): Promise<void>
  /** True when a film of the right size lies there. */
  isWhole(row: UploadRow): Promise<boolean>
  /** Removes what was sent, parts too. Harmless when nothing was. */
  remove(row: Pick<UploadRow, 'incomingBlob' | 'incomingParts'>): Promise<void>
}

/** S3 signs for no longer. */
const mostExpiresSeconds = 7 * 86_400

export function createDirectToBucket(
  { database, blobs, videos, toBucket, log }: UploadsOptions,
  { receivers, take, stopping }: { receivers: Receivers; take: TakeDirect; stopping: AbortSignal },
): DirectToBucket {
  const direct = () => {
    if (blobs.direct) return blobs.direct
    throw new AppError('upload.no_file', 'This server has no object store: PUT the film to `/api/uploads/:id`.')
  }
  const secondsLeft = ({ expiresAt }: Pick<UploadRow, 'expiresAt'>) =>
    Math.max(1, Math.floor((expiresAt.getTime() - Date.now()) / 1000))

  const remove: DirectToBucket['remove'] = async ({ incomingBlob, incomingParts }) => {
    if (incomingBlob === null) return
    if (incomingParts !== null) await blobs.direct?.abortParts(incomingBlob, incomingParts)
    await blobs.remove(incomingBlob)
  }

  /** Ids of other uploads are no keys. */
  async function known(id: string): Promise<UploadRow> {
    const row = await findUpload(database.db, id)
    if (row?.way !== 'direct') throw unknownUpload()
    return row
  }

  async function partsOf(row: UploadRow): Promise<{ key: string; plan: PartPlan; partsId: string }> {
    const plan = cutUp(row.sizeBytes)
    const { incomingBlob: key } = row
    if (key === null || plan === null) throw new AppError('request.invalid', 'This upload has no parts: it is one PUT.')
    if (row.incomingParts !== null) return { key, plan, partsId: row.incomingParts }
    const started = await direct().startParts(key)
    const partsId = await noteParts(database.db, row.id, started)
    if (partsId !== started) await direct().abortParts(key, started)
    if (partsId === null) throw new AppError('upload.expired', 'This upload was settled meanwhile.')
    return { key, plan, partsId }
  }

  const forgetPartsOf = (row: HeldUpload) =>
    database.transaction(async tx => {
      await row.lease.confirm(tx)
      await forgetParts(tx, row.id)
    })

  async function finishParts(row: HeldUpload, key: string, parts: readonly StoredPart[]): Promise<void> {
    if (row.incomingParts === null) return
    try {
      await direct().finishParts(key, row.incomingParts, parts)
    } catch (fault) {
      // They may have been finished by someone who did not live to note it.
      const isGone = fault instanceof AppError && fault.code === 'storage.not_found'
      if (!isGone || !(await isWhole(row))) throw interrupted(fault)
    }
    await forgetPartsOf(row)
  }

  const isWhole: DirectToBucket['isWhole'] = async ({ incomingBlob, sizeBytes }) => {
    const found = incomingBlob === null ? null : await blobs.stat(incomingBlob)
    return found !== null && (sizeBytes === null || found.sizeBytes === sizeBytes)
  }

  async function takeIn(row: HeldUpload, parts: readonly StoredPart[] | undefined): Promise<Video> {
    const key = row.incomingBlob
    const signal = AbortSignal.any([stopping, row.lease.signal])
    if (key !== null && parts) await finishParts(row, key, parts)
    const found = key === null ? null : await direct().find(key)
    if (!found) throw new AppError('upload.no_file', 'The film of this upload is not there: PUT it first.')
    if (row.sizeBytes !== null && found.sizeBytes !== row.sizeBytes)
      throw notAsAnnounced(found.sizeBytes, row.sizeBytes)
    const film = { bytes: found.bytes(signal), totalBytes: found.sizeBytes, signal, draft: found.draft }
    return take(row, film).catch(fault => {
      throw interrupted(fault)
    })
  }

  return {
    remove,
    isWhole,
    place: expiresSeconds =>
      toBucket && blobs.direct
        ? { incomingBlob: `incoming/${randomUUID()}`, expiresSeconds: Math.min(expiresSeconds, mostExpiresSeconds) }
        : { incomingBlob: null, expiresSeconds },
    async addresses(row) {
      const { id, incomingBlob, sizeBytes, expiresAt } = row
      const here = `/api/uploads/${id}`
      const common = { id, method: 'PUT' as const, expiresAt: expiresAt.toISOString(), abortUrl: here }
      const upload = { ...common, resumableUrl: `${resumablePath}?upload=${id}` }
      if (incomingBlob === null) return { ...upload, url: here, completeUrl: null, parts: null }
      const writing = { expiresSeconds: secondsLeft(row), ...(sizeBytes === null ? {} : { sizeBytes }) }
      const plan = cutUp(sizeBytes)
      const inOnePut = (sizeBytes ?? 0) <= mostPutBytes
      return {
        ...upload,
        url: inOnePut ? await direct().putUrl(incomingBlob, writing) : here,
        completeUrl: `${here}/complete`,
        parts: plan && { partSizeBytes: plan.partSizeBytes, count: plan.count, signUrl: `${here}/parts` },
      }
    },
    async signParts(id, numbers) {
      await known(id)
      const row = await receivers.find(id)
      const { key, plan, partsId } = await partsOf(row)
      if (numbers.some(number => number > plan.count))
        throw new AppError('request.invalid', `This film has ${plan.count} parts.`)
      return Promise.all(
        numbers.map(async number => {
          const sizeBytes = plan.sizeOf(number)
          const writing = { expiresSeconds: secondsLeft(row), sizeBytes }
          return { number, sizeBytes, url: await direct().partUrl(key, { uploadId: partsId, number }, writing) }
        }),
      )
    },
    async complete(id, parts) {
      const before = await known(id)
      if (before.status === 'done') return videos.get(before.videoId)
      try {
        const video = await receivers.hold(id, row => takeIn(row, parts))
        // Until its address expires somebody may write there again: the sweep comes once more.
        await remove(before).catch(fault => {
          log.warn({ videoId: video.id, reason: messageOf(fault) }, 'what was sent to the store was not removed yet')
        })
        return video
      } catch (fault) {
        const after = await findUpload(database.db, id)
        if (after?.status === 'refused') await remove(after)
        throw fault
      }
    },
    async abort(id) {
      await known(id)
      await receivers.hold(id, async row => {
        // Forgotten first: who sends again at once must not be given the parts that are about to go.
        await forgetPartsOf(row)
        row.lease.signal.throwIfAborted()
        await remove(row).catch(async fault => {
          if (row.incomingParts !== null) await noteParts(database.db, id, row.incomingParts)
          throw fault
        })
        await receivers.release(row)
      })
    },
  }
}

/** Its sender has to send it again. */
function interrupted(fault: unknown): unknown {
  if (!(fault instanceof AppError && fault.code === 'storage.not_found')) return fault
  return new AppError(
    'upload.interrupted',
    'Not all of the film is in the object store, or it was sent anew meanwhile.',
    {
      cause: fault,
    },
  )
}
