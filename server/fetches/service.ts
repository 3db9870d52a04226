import { v7 as uuidv7 } from 'uuid'
import { type Video, VideoId, videoStream } from '../../shared/index.ts'
import { type Note, shownName, titleFrom } from '../intake/index.ts'
import type { Sites } from '../platform/outbound/index.ts'
import { type FetchesOptions, fetchKind } from './fetches.ts'
import { insertFetch } from './queries.ts'
import { nameInPath } from './versions.ts'

export interface FetchAsked {
  url: string
  title?: string | undefined
  requestedBy: string
  note?: Note | undefined
}

/** Makes a video whose film is to be fetched, and asks for the job that fetches it. Throws `fetch.address_refused`. */
export type BeginFetch = (asked: FetchAsked) => Promise<Video>

export const createBeginFetch =
  ({ journal, videos, jobs }: FetchesOptions, sites: Pick<Sites, 'check'>): BeginFetch =>
  async ({ url: given, title, requestedBy, note }) => {
    const url = new URL(given)
    sites.check(url)
    // What comes after it is for the browser that shows it.
    url.hash = ''
    const id = VideoId.parse(uuidv7())
    const filename = nameInPath(url) ?? shownName(title ?? '')
    const film = { id, filename, title: title ?? titleFrom(filename), sizeBytes: null, requestedBy }
    const job = { kind: fetchKind, subject: videoStream(id), requestedBy }
    const video = await journal.transact(async (tx, append) => {
      await note?.(tx, { videoId: id, uploadId: null })
      const announced = await videos.uploading.announce({ tx, append }, { source: 'url', ...film })
      await insertFetch(tx, { videoId: id, url: url.href })
      await jobs.ask(tx, [job])
      return announced
    })
    jobs.wake([job])
    return video
  }
