import { randomUUID } from 'node:crypto'
import { readFile, stat } from 'node:fs/promises'
import { setTimeout as delay } from 'node:timers/promises'
import { createRushes, type Rushes, uploadTo } from '../../client-sdk/src/index.ts'
import { until } from '../support/until.ts'

export interface Cinema {
  urls: readonly string[]
  film: string
  random: () => number
}

/** Somebody who uploads one film after the other, each in another way and until it is taken. */
export interface Uploader {
  /** The films that were taken. */
  taken: readonly string[]
  /** Attempts that ended in a fault of the server or the network; each was made anew. */
  failed(): number
  /** A film is on its way, or being worked on. */
  isBusy(): boolean
  stop(): Promise<void>
}

const ways: ((rushes: Rushes, film: string) => Promise<string>)[] = [
  async (rushes, film) => (await rushes.videos.upload(film, { resumable: false, idempotencyKey: randomUUID() })).id,
  async (rushes, film) => (await rushes.videos.upload(film, { resumable: true })).id,
  async (rushes, film) => {
    const { size: sizeBytes } = await stat(film)
    const { upload } = await rushes.videos.createDirectUpload({ filename: 'film.mp4', sizeBytes })
    return (await uploadTo(upload, new File([await readFile(film)], 'film.mp4'))).id
  },
]

export function uploadFilms({ urls, film, random }: Cinema): Uploader {
  const taken: string[] = []
  let failed = 0
  let isStopped = false
  let isBusy = false
  const any = () => createRushes({ url: urls[Math.floor(random() * urls.length)] ?? '' })
  const uploading = (async () => {
    for (let n = 0; !isStopped; n++) {
      isBusy = true
      const way = ways[n % ways.length] as (typeof ways)[number]
      const id = await way(any(), film).catch(() => null)
      if (id === null) failed++
      else taken.push(id)
      if (id !== null) await until('the film is ready', () => isReady(any(), id), 300)
      isBusy = false
      await delay(300)
    }
  })()
  uploading.catch(() => {})
  return {
    ...{ taken, failed: () => failed, isBusy: () => isBusy },
    async stop() {
      isStopped = true
      await uploading
    },
  }
}

/** Throws when the film ended in an error. */
export async function isReady(rushes: Rushes, id: string): Promise<boolean> {
  const video = await rushes.videos.get(id).catch(() => null)
  if (video?.status === 'error') throw new Error(`film ${id}: ${video.error?.message}`)
  return video?.status === 'ready'
}

/** Somebody who reads pieces of a film over and over, as a player does. */
export interface Viewer {
  /** Pieces that came whole and right, that broke, and that came wrong or never ended. */
  counts: { readonly good: number; readonly broken: number; readonly wrong: number }
  /** One piece, now. */
  read(): Promise<boolean>
  stop(): Promise<void>
}

const patienceMs = 45_000

export async function watchFilm({ urls, film, random }: Cinema, videoId: string): Promise<Viewer> {
  const bytes = await readFile(film)
  const counts = { good: 0, broken: 0, wrong: 0 }
  let isStopped = false
  const read = async () => {
    const url = urls[Math.floor(random() * urls.length)]
    const start = Math.floor(random() * bytes.length)
    const end = Math.min(bytes.length, start + 100_000)
    const signal = AbortSignal.timeout(patienceMs)
    try {
      const headers = { range: `bytes=${start}-${end - 1}` }
      const answer = await fetch(`${url}/api/videos/${videoId}/stream?rendition=original`, { headers, signal })
      const piece = new Uint8Array(await answer.arrayBuffer())
      if (answer.status !== 206) counts.broken++
      else if (bytes.subarray(start, end).equals(piece)) counts.good++
      else counts.wrong++
      return answer.status === 206
    } catch {
      // What breaks is asked for again. What neither comes nor breaks is a fault.
      if (signal.aborted) counts.wrong++
      else counts.broken++
      return false
    }
  }
  const watching = (async () => {
    while (!isStopped) {
      await read()
      await delay(100)
    }
  })()
  return {
    counts,
    read,
    async stop() {
      isStopped = true
      await watching
    },
  }
}
