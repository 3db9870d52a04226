import type {
  DirectUpload,
  Message,
  RoomEvent,
  Scene,
  SearchResult,
  Transcript,
  UploadState,
  Video,
  VideoStatus,
  Waveform,
} from '../../shared/index.ts'
import type { Answer } from './answer.ts'
import { type AskOptions, askOverHttp } from './ask-over-http.ts'
import { type FollowOptions, followLog } from './follow-events.ts'
import type { CallAnswer, CallInput, HttpCaller } from './http/call.ts'
import type { CallOptions } from './options.ts'
import { type SaidMessage, sayOverHttp } from './say-over-http.ts'
import { loadStoryboard, type Storyboard } from './storyboard.ts'
import { untilReady, type WaitOptions } from './until-ready.ts'
import type { UploadInput } from './upload/source.ts'
import { type RunningUpload, type StartUploadOptions, startUpload } from './upload/start-upload.ts'
import { createUnfinishedUploads, type UnfinishedUpload } from './upload/unfinished-uploads.ts'
import { type UploadOptions, upload } from './upload/upload.ts'

/** One page of a list; `nextCursor` gets the one after it, null when there is none. */
export interface Page<T> {
  items: T[]
  nextCursor: string | null
}

export interface ListOptions extends CallOptions {
  /** Videos in a page, 1 to 200; 50 when not given. */
  limit?: number | undefined
  cursor?: string | undefined
  status?: VideoStatus | undefined
  /** Words of the title. */
  q?: string | undefined
}

/** The name, and what else is known beforehand. */
export type DirectUploadInput = CallInput<'videos.createUpload'>['body']
export type TranscriptFormat = 'vtt' | 'srt' | 'txt'
/** A table, a list of markers after CMX 3600 (DaVinci Resolve, Avid), and Final Cut's own. */
export type NotesFormat = 'csv' | 'edl' | 'fcpxml'
/** How far the processing of a video is. */
export type VideoProgress = CallAnswer<'videos.status'>

/** Everything about videos. Every method throws `RushesError`: `video.not_found`, `request.invalid`, `network`, … */
export interface Videos {
  /** Resolves once the server holds the whole film and has looked into it; analysis goes on. */
  upload(input: UploadInput, options?: UploadOptions): Promise<Video>
  /** The same, with its hands on: an upload that can be paused, continued and cancelled, and says how it stands. */
  startUpload(input: UploadInput, options?: StartUploadOptions): RunningUpload
  /**
   * What this browser began to upload and did not end, newest first: `upload` of the same file goes on where it was.
   * Empty outside of browsers.
   */
  unfinishedUploads(options?: CallOptions): Promise<UnfinishedUpload[]>
  /** Forgets one of them, and removes what was sent. */
  discardUpload(uploadId: string): Promise<void>
  /** A video that waits for its film, and the whole addresses that take it: for those who must not have the key. */
  createDirectUpload(
    about: DirectUploadInput,
    options?: DirectUploadOptions,
  ): Promise<{ video: Video; upload: DirectUpload }>
  /**
   * The server fetches the film from its address (http or https): resolves at once, with the video that waits for it. Throws
   * `request.invalid`, `fetch.address_refused` for an address that it may not ask; what goes wrong after that becomes the
   * `error` of the video, and `untilReady` throws it: `fetch.refused`, `fetch.failed`, `fetch.too_slow`,
   * `upload.unsupported_media`, `upload.too_large`. Its job, of the kind `fetch`, can be cancelled and retried.
   */
  fetch(url: string | URL, options?: FetchOptions): Promise<Video>
  /** What became of a direct upload. Throws `upload.not_found`. */
  uploadState(uploadId: string, options?: CallOptions): Promise<UploadState>
  /** One page, newest first. */
  list(options?: ListOptions): Promise<Page<Video>>
  /** Every video, newest first, page by page as they are read. */
  all(options?: Omit<ListOptions, 'cursor'>): AsyncIterable<Video>
  get(id: string, options?: CallOptions): Promise<Video>
  rename(id: string, title: string, options?: CallOptions): Promise<Video>
  /** The video, its files and its talk. */
  delete(id: string, options?: CallOptions): Promise<void>
  status(id: string, options?: CallOptions): Promise<VideoProgress>
  /** Resolves once everything is done. Throws the video's own failure. */
  untilReady(id: string, options?: WaitOptions): Promise<Video>
  /** Throws `transcript.not_ready` until it is there, `transcript.unavailable` when none can be made. */
  transcript(id: string, options?: CallOptions): Promise<Transcript>
  transcriptText(id: string, format: TranscriptFormat, options?: CallOptions): Promise<string>
  transcriptUrl(id: string, format: TranscriptFormat): string
  /** What is said in one video, best first. */
  search(id: string, q: string, options?: SearchOptions): Promise<SearchResult>
  /**
   * Addresses of one video's media that open without a key until `expiresAt`, for pages of your own: `expiresSeconds` is 60
   * to 604 800, a day when not given. `expiresAt` is null where the server wants no key at all.
   */
  signedUrls(id: string, options?: CallOptions & { expiresSeconds?: number | undefined }): Promise<SignedUrls>
  /**
   * For `<video src>`; `download` makes browsers save it. Where a key is wanted, the address of this and of the other
   * media carries a signed token, which is there as soon as one call, upload or join has resolved.
   */
  streamUrl(id: string, options?: { download?: boolean }): string
  /** For players of HLS: the master playlist, once `links.hls` says that there is one. */
  hlsUrl(id: string): string
  /** Any file that was made of the film, by its name, such as `audio`: `rendition.ready` and others say that it is there. */
  renditionUrl(id: string, name: string): string
  /** For `<img src>`: a telling picture, or the frame at a second of the film. */
  thumbnailUrl(id: string, options?: ThumbnailOptions): string
  /** WebVTT of small pictures along the film, for players that show previews. */
  storyboardUrl(id: string): string
  /** The same, read. Throws `storyboard.not_ready` until it is there, and for what is only sound. */
  storyboard(id: string, options?: CallOptions): Promise<Storyboard>
  /** Peaks from 0 to 1 along the film. Throws `waveform.not_ready` until it is there, and for a silent film. */
  waveform(id: string, options?: CallOptions): Promise<Waveform>
  /** From cut to cut, in order of time. Throws `scenes.not_ready` until they are there, and for what is only sound. */
  scenes(id: string, options?: CallOptions): Promise<Scene[]>
  /** The room's talk: the newest page, in order of time. `nextCursor` is the `before` of the page before it. */
  messages(id: string, options?: MessagesOptions): Promise<Page<Message>>
  /** Says something in the room, for those who are not in it. Tried again, as the same message, while it is too fast. */
  say(id: string, message: SaidMessage, options?: CallOptions): Promise<Message>
  /** Comments that have a place in the film, as a file for editors. Throws `request.invalid` for an impossible `start`. */
  notes(id: string, format: NotesFormat, options?: NotesOptions & CallOptions): Promise<string>
  /**
   * The same for `<a href download>`: where a key is wanted, with a token that opens this file alone and for a minute. Ask
   * for it when it is wanted.
   */
  notesUrl(id: string, format: NotesFormat, options?: NotesOptions & CallOptions): Promise<string>
  /** Asks the film; the answer goes to its room too. */
  ask(id: string, question: string, options?: AskOptions): Answer
  /** The room's log after `since`, in order: 500 events or `limit`. */
  events(id: string, since?: number, options?: EventsOptions): Promise<RoomEvent[]>
  /**
   * The room's log as it grows, without a socket: each event once, in order, over as many connections as that takes.
   * Ends with `video.deleted`. Throws `video.not_found`, `auth.*`, or the signal's reason.
   */
  follow(id: string, options?: FollowOptions): AsyncGenerator<RoomEvent>
}

export interface EventsOptions extends CallOptions {
  limit?: number | undefined
  /** Long polling: how long to wait when there is no event yet; 55 at most. */
  waitSeconds?: number | undefined
}
export interface DirectUploadOptions extends CallOptions {
  /** 1 to 200 characters of your own: the same again, within a day, gives the same video and address. */
  idempotencyKey?: string | undefined
}
export interface FetchOptions extends CallOptions {
  /** The name of the file, as its server tells it, when not given. */
  title?: string | undefined
  /** 1 to 200 characters of your own: the same again, within a day, gives the same video. */
  idempotencyKey?: string | undefined
}
export interface SignedUrls {
  stream: string
  thumbnail: string
  storyboard: string
  captions: string
  /** ISO 8601. */
  expiresAt: string | null
}
export interface ThumbnailOptions {
  /** Which frame, in seconds, to a tenth; none beyond the end. */
  atSeconds?: number | undefined
  /** In pixels, rounded up to 160, 320, 640 or 1280; only with `atSeconds`. 640 when not given. */
  width?: number | undefined
}
export interface SearchOptions extends CallOptions {
  /** 1 to 50; 10 when not given. */
  limit?: number | undefined
  /** False: every word is meant as it is typed. Else a slip is taken for the word that is like it, and `corrected` says so. */
  correct?: boolean | undefined
}
/** As the search wants it asked. */
export const searchQuery = (q: string, { limit, correct }: SearchOptions) => ({
  ...{ q, limit },
  correct: correct === false ? ('0' as const) : undefined,
})
export interface NotesOptions {
  /**
   * What the first frame is called on the timeline: `01:00:00:00`, or with a `;` before the frames for drop-frame
   * counting. From zero when not given; drop-frame then where the film has 29.97 or 59.94 frames a second.
   */
  start?: string | undefined
}
export interface MessagesOptions extends CallOptions {
  limit?: number | undefined
  before?: string | undefined
}

/** What the server says by paths, so that whoever has it needs no server's address beside it. */
function wholeAddresses(upload: DirectUpload, { addressOf }: HttpCaller): DirectUpload {
  const { url, resumableUrl, completeUrl, abortUrl, parts } = upload
  return {
    ...upload,
    // That of an object store is whole already.
    url: url.startsWith('/') ? addressOf(url) : url,
    resumableUrl: addressOf(resumableUrl),
    completeUrl: completeUrl === null ? null : addressOf(completeUrl),
    abortUrl: addressOf(abortUrl),
    parts: parts && { ...parts, signUrl: addressOf(parts.signUrl) },
  }
}

export function createVideos(http: HttpCaller): Videos {
  const { call, linkOf } = http
  const list: Videos['list'] = ({ signal, ...query } = {}) => call('videos.list', { query }, { signal })
  const get: Videos['get'] = async (id, options) => (await call('videos.get', { params: { id } }, options)).video
  const send: Videos['upload'] = async (input, options) => {
    const [video] = await Promise.all([upload(http, input, options), http.linksReady()])
    return video
  }
  const unfinished = createUnfinishedUploads(http)
  const status: Videos['status'] = (id, options) => call('videos.status', { params: { id } }, options)

  return {
    list,
    get,
    status,
    upload: send,
    startUpload: (input, options) => startUpload(sending => send(input, sending), options),
    unfinishedUploads: unfinished.list,
    discardUpload: unfinished.discard,
    async createDirectUpload(body, options) {
      const { video, upload } = await call('videos.createUpload', { body }, options)
      return { video, upload: wholeAddresses(upload, http) }
    },
    fetch: async (url, { title, ...options } = {}) =>
      (await call('videos.fetch', { body: { url: String(url), title } }, options)).video,
    uploadState: async (id, options) => (await call('uploads.get', { params: { id } }, options)).upload,
    async *all(options = {}) {
      let cursor: string | null | undefined
      do {
        const page: Page<Video> = await list({ ...options, ...(cursor ? { cursor } : {}) })
        yield* page.items
        cursor = page.nextCursor
      } while (cursor !== null)
    },
    rename: async (id, title, options) =>
      (await call('videos.rename', { params: { id }, body: { title } }, options)).video,
    delete: async (id, options) => void (await call('videos.delete', { params: { id } }, options)),
    untilReady: (id, options) => untilReady({ status, get }, id, options),
    transcript: async (id, options) => (await call('videos.transcript', { params: { id } }, options)).transcript,
    transcriptText: async (id, format, options) =>
      (await http.request('videos.transcriptFile', { params: { id, format } }, { ...options, accept: '*/*' })).text(),
    transcriptUrl: (id, format) => linkOf('videos.transcriptFile', { params: { id, format } }),
    search: (id, q, { signal, ...asking } = {}) =>
      call('videos.search', { params: { id }, query: searchQuery(q, asking) }, { signal }),
    async signedUrls(id, { signal, expiresSeconds } = {}) {
      const { token, expiresAt } = await call('media.token', { query: { videoId: id, expiresSeconds } }, { signal })
      const params = { id }
      const vtt = { id, format: 'vtt' as const }
      return {
        stream: linkOf('videos.stream', { params }, token),
        thumbnail: linkOf('videos.thumbnail', { params }, token),
        storyboard: linkOf('videos.storyboard', { params: vtt }, token),
        captions: linkOf('videos.transcriptFile', { params: vtt }, token),
        expiresAt,
      }
    },
    streamUrl: (id, { download = false } = {}) =>
      linkOf('videos.stream', { params: { id }, query: download ? { download: '1' } : {} }),
    hlsUrl: id => linkOf('videos.hls', { params: { id, file: 'master.m3u8' } }),
    renditionUrl: (id, name) => linkOf('videos.rendition', { params: { id, name } }),
    thumbnailUrl: (id, { atSeconds, width } = {}) =>
      linkOf('videos.thumbnail', { params: { id }, query: { t: atSeconds, width } }),
    storyboardUrl: id => linkOf('videos.storyboard', { params: { id, format: 'vtt' } }),
    storyboard: (id, options) => loadStoryboard(http, id, options),
    waveform: (id, options) => call('videos.waveform', { params: { id } }, options),
    scenes: async (id, options) => (await call('videos.scenes', { params: { id } }, options)).scenes,
    messages: (id, { signal, limit, before } = {}) =>
      call('videos.messages', { params: { id }, query: { limit, before } }, { signal }),
    say: (id, message, options) => sayOverHttp(http, { id, message, options }),
    notes: async (id, format, { start, ...options } = {}) =>
      (
        await http.request('videos.notes', { params: { id, format }, query: { start } }, { ...options, accept: '*/*' })
      ).text(),
    async notesUrl(id, format, { start, signal } = {}) {
      const asked = { params: { id }, query: { file: `notes.${format}` as const } }
      const { token } = await call('videos.fileToken', asked, { signal })
      return linkOf('videos.notes', { params: { id, format }, query: { start } }, token)
    },
    ask: (id, question, options = {}) => askOverHttp(http, { id, question, options }),
    async events(id, since = 0, { signal, limit, waitSeconds } = {}) {
      const query = { since, limit, waitSeconds }
      const { events } = await call('videos.events', { params: { id }, query }, { signal })
      return events as RoomEvent[]
    },
    follow: (id, options = {}) =>
      followLog<RoomEvent>(
        (since, asking) => http.request('videos.events', { params: { id }, query: { since } }, asking),
        options,
        ({ type }) => type === 'video.deleted',
      ),
  }
}
