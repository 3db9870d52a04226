import { after } from 'node:test'
import { v7 as uuidv7 } from 'uuid'
import { type Chat, type ChatOptions, createChat } from '../../server/chat/index.ts'
import { createMetrics } from '../../server/metrics.ts'
import type { BlobStore } from '../../server/platform/blobs/index.ts'
import { localCaller } from '../../server/platform/caller.ts'
import type { Database } from '../../server/platform/db/index.ts'
import {
  type Bus,
  createLoneBus,
  memberIdOf,
  type Notify,
  type OnLeft,
  type SocketCaller,
} from '../../server/platform/hub/index.ts'
import { createJournal } from '../../server/platform/journal/index.ts'
import { createLeases } from '../../server/platform/leases/index.ts'
import { createLog } from '../../server/platform/log.ts'
import { lastingPermit } from '../../server/platform/permit.ts'
import { createRemovals } from '../../server/platform/removals/index.ts'
import { createVideos, type NewVideo } from '../../server/videos/index.ts'
import {
  type EventsFrame,
  type Message,
  type Segment,
  type SocketNoticeName,
  type SocketNotices,
  type StreamId,
  type VideoId,
  videoStream,
} from '../../shared/index.ts'
import { openTestDatabase } from '../support/open-test-database.ts'
import { noJobs, nothingFollows } from '../support/without-jobs.ts'

export interface ChatSetting {
  segments?: Segment[]
  hasTranscript?: boolean
  /** A stand-in's address lets the model be asked. */
  baseUrl?: string
  answersPerRoom?: number
  count?: ChatOptions['count']
  patience?: { firstMs: number; betweenMs: number; wholeMs: number }
  /** Prices of the model, in US dollars for a million tokens. */
  prices?: { input: number; output: number }
  /** Other servers; nobody unless one is given. */
  bus?: Bus
  /** Awaited before passages are found: holds answers back. */
  beforeRetrieval?: (signal: AbortSignal) => Promise<void>
  /** Told of every text that passages are looked for by. */
  onRetrieval?: (text: string) => void
}

type Notice = { [N in SocketNoticeName]: { notice: N; payload: SocketNotices[N] } }[SocketNoticeName]

/** One database for all tests of a file: each has a video of its own. */
export async function openDatabaseForFile(): Promise<Database> {
  const opened = await openTestDatabase()
  after(() => opened[Symbol.asyncDispose]())
  return opened.database
}

/** The chat on a real database and a real room log; what the domains before it give is given by hand. */
export function openChat(database: Database, setting: ChatSetting = {}) {
  const {
    segments = [],
    hasTranscript = true,
    baseUrl,
    answersPerRoom = 4,
    patience,
    beforeRetrieval,
    onRetrieval,
  } = setting
  const { bus = createLoneBus('here'), prices } = setting
  const { count = () => {} } = setting
  const log = createLog({ level: 'silent', pretty: false })
  const journal = createJournal({ database, ...nothingFollows, log })
  const notices: Notice[] = []
  const frames: EventsFrame[] = []
  journal.onCommitted(frame => void frames.push(frame))
  const leftListeners: Parameters<OnLeft>[0][] = []
  const notify: Notify = (_, notice, payload) => void notices.push({ notice, payload } as Notice)
  // Removing a video removes its files; these have none.
  const blobs = { check: async () => 'none', removeAll: async () => {} } as unknown as BlobStore
  const videos = createVideos({
    database,
    journal,
    blobs,
    removals: createRemovals({ database, blobs, log }),
    leases: createLeases({ database, log }),
    notify,
    jobs: noJobs,
  })
  const metrics = createMetrics()
  const chat: Chat = createChat({
    ...{ database, journal, videos, notify, log, metrics, answersPerRoom, count },
    ...{ notifyHere: notify, onLeft: listener => void leftListeners.push(listener), bus },
    search: {
      async retrieve(videoId, question, { signal }) {
        onRetrieval?.(question)
        await beforeRetrieval?.(signal)
        return segments.map(({ index, startSeconds, endSeconds, text }) => ({
          videoId,
          startSeconds,
          endSeconds,
          text,
          score: 1,
          segments: [index],
        }))
      },
    },
    transcripts: { get: async () => (hasTranscript ? { segments } : null) },
    model: { model: 'stand-in', baseUrl, ...(prices && { prices }) },
    ...(patience ? { patience } : {}),
  })
  return {
    chat,
    videos,
    journal,
    notices,
    metrics,
    createVideo: () => journal.transact((tx, append) => videos.create(tx, append, newVideo())).then(video => video.id),
    /** The messages that the room's log tells of, in order. */
    told: (videoId: VideoId): Message[] =>
      frames
        .filter(frame => frame.stream === videoStream(videoId))
        .flatMap(frame => frame.events)
        .flatMap(event => (event.type === 'message.created' ? event.payload.message : [])),
    noticed: <N extends SocketNoticeName>(name: N) =>
      notices.flatMap(({ notice, payload }) => (notice === name ? [payload as SocketNotices[N]] : [])),
    frames,
    [Symbol.asyncDispose]: () => chat.stop(),
  }
}

/** Someone in the rooms that are given: the same person wherever the name is the same. */
export const member = (name: string, ...rooms: VideoId[]): SocketCaller => ({
  connectionId: uuidv7(),
  by: localCaller(lastingPermit),
  memberId: memberIdOf(name),
  name,
  isLasting: true,
  sender: memberIdOf(name),
  enter: async () => {},
  leave: async () => {},
  isIn: (stream: StreamId) => rooms.some(videoId => videoStream(videoId) === stream),
})

const newVideo = (): NewVideo => ({
  id: uuidv7() as VideoId,
  title: 'A film',
  filename: 'film.mp4',
  source: 'upload',
  sizeBytes: 1,
  checksum: `sha256:${'0'.repeat(64)}`,
  originalBlob: 'none',
  captionsBlob: null,
  playable: true,
  inspection: {
    ...{ durationSeconds: 600, width: null, height: null, frameRate: null, videoCodec: null, audioCodec: null },
    ...{
      contentType: 'video/mp4',
      container: 'mp4',
      fastStart: true,
      videoStream: null,
      audioStream: null,
      subtitleStreams: [],
      pixelFormat: null,
    },
  },
})
