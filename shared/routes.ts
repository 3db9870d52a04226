import { z } from 'zod'
import { EventEnvelope } from './events.ts'
import { FileToken, VideoFile } from './file-token.ts'
import { Health } from './health.ts'
import { VideoId, WrittenSeconds, WrittenSequence } from './ids.ts'
import { jobRoutes } from './job-routes.ts'
import { keyRoutes } from './key-routes.ts'
import { listOf, page } from './lists.ts'
import { MediaToken, mediaTokenSeconds } from './media-token.ts'
import { AskOverHttp, Message, SayMessage } from './messages.ts'
import { NotesFormat, TimelineStart } from './notes.ts'
import { defineRoutes } from './route.ts'
import { Scene } from './scenes.ts'
import { SearchQuery, SearchResult } from './search.ts'
import { Transcript } from './transcripts.ts'
import { uploadRoutes } from './upload-routes.ts'
import { Progress, Video, VideoError, VideoStatus, VideoTitle } from './videos.ts'
import { Waveform } from './waveform.ts'

const ofVideo = z.object({ id: VideoId })
/** The master playlist; of each size and of the sound a playlist and its media; the subtitles. */
const hlsFile = /^(?:master\.m3u8|(?:source|audio|\d{2,4}p)\.(?:m3u8|mp4)|subtitles\.(?:m3u8|vtt))$/

/** How a log is asked for. */
const FollowingQuery = z.object({
  since: WrittenSequence.default(0),
  limit: z.coerce.number().int().min(1).max(1000).default(500),
  /** How long to wait for an event when there is none yet. */
  waitSeconds: z.coerce.number().min(0).max(55).default(0),
})

/** Every HTTP route, once: the server's parsing, the client's calls and the OpenAPI document come from here. */
export const routes = defineRoutes({
  ...uploadRoutes,
  'videos.list': {
    method: 'GET',
    path: '/api/videos',
    scope: 'library',
    summary: 'Videos, newest first',
    query: z.object({ ...page, status: VideoStatus.optional(), q: z.string().trim().max(200).optional() }),
    answer: listOf(Video),
  },
  'videos.get': {
    method: 'GET',
    path: '/api/videos/:id',
    scope: 'read',
    summary: 'One video',
    params: ofVideo,
    answer: z.object({ video: Video }),
  },
  'videos.rename': {
    method: 'PATCH',
    path: '/api/videos/:id',
    scope: 'edit',
    summary: 'Change the title',
    params: ofVideo,
    body: z.object({ title: VideoTitle }),
    answer: z.object({ video: Video }),
  },
  'videos.delete': {
    method: 'DELETE',
    path: '/api/videos/:id',
    scope: 'delete',
    summary: 'Delete the video, its files, jobs and talk',
    params: ofVideo,
    status: 204,
  },
  'videos.status': {
    method: 'GET',
    path: '/api/videos/:id/status',
    scope: 'read',
    summary: 'How far the processing is',
    params: ofVideo,
    answer: z.object({ id: VideoId, status: VideoStatus, progress: Progress, error: VideoError.nullable() }),
  },
  'videos.stream': {
    method: 'GET',
    path: '/api/videos/:id/stream',
    scope: 'play',
    summary: 'The film, by byte ranges (RFC 9110, section 14)',
    params: ofVideo,
    query: z.object({
      download: z.enum(['0', '1']).optional(),
      rendition: z.enum(['original', 'playback']).optional(),
    }),
    produces: 'video/*',
    opensBy: 'media',
  },
  'videos.hls': {
    method: 'GET',
    path: '/api/videos/:id/hls/:file',
    scope: 'play',
    summary: 'Adaptive playback (HLS, RFC 8216): `master.m3u8`, and what it names, with the same `token`',
    params: z.object({ id: VideoId, file: z.string().regex(hlsFile, 'no such file') }),
    produces: 'application/vnd.apple.mpegurl',
    opensBy: 'media',
  },
  'videos.rendition': {
    method: 'GET',
    path: '/api/videos/:id/renditions/:name',
    scope: 'play',
    summary: 'A file that was made of the film, by its name, such as `audio` or `playback`; by byte ranges',
    params: z.object({ id: VideoId, name: z.string().regex(/^[a-z\d-]{1,40}$/, 'no name of a rendition') }),
    produces: '*/*',
    opensBy: 'media',
  },
  'videos.thumbnail': {
    method: 'GET',
    path: '/api/videos/:id/thumbnail',
    scope: 'play',
    summary:
      'A picture of the film: a telling one, or the frame at second `t`; its `width` is rounded up to 160, 320, 640 or 1280',
    params: ofVideo,
    query: z.object({
      t: WrittenSeconds.optional(),
      width: z.coerce.number().int().min(1).max(10_000).optional(),
    }),
    produces: 'image/jpeg',
    opensBy: 'media',
  },
  'videos.storyboard': {
    method: 'GET',
    path: '/api/videos/:id/storyboard.:format',
    scope: 'play',
    summary: 'Small pictures along the film: one sheet (jpg), and WebVTT whose cues say what lies where in it (#xywh=)',
    params: z.object({ id: VideoId, format: z.enum(['vtt', 'jpg']) }),
    produces: 'text/vtt',
    opensBy: 'media',
  },
  'videos.waveform': {
    method: 'GET',
    path: '/api/videos/:id/waveform',
    scope: 'read',
    summary: 'How loud the film is along its length',
    params: ofVideo,
    answer: Waveform,
  },
  'videos.scenes': {
    method: 'GET',
    path: '/api/videos/:id/scenes',
    scope: 'read',
    summary: 'The scenes of a film, from cut to cut',
    params: ofVideo,
    answer: z.object({ scenes: z.array(Scene) }),
  },
  'videos.transcript': {
    method: 'GET',
    path: '/api/videos/:id/transcript',
    scope: 'read',
    summary: 'What is said, with times for every word',
    params: ofVideo,
    answer: z.object({ transcript: Transcript }),
  },
  'videos.transcriptFile': {
    method: 'GET',
    path: '/api/videos/:id/transcript.:format',
    scope: 'play',
    summary: 'The transcript as WebVTT, SubRip or plain text',
    params: z.object({ id: VideoId, format: z.enum(['vtt', 'srt', 'txt']) }),
    produces: 'text/*',
    opensBy: 'media',
  },
  'videos.search': {
    method: 'GET',
    path: '/api/videos/:id/search',
    scope: 'read',
    summary: 'Search what is said in one video',
    params: ofVideo,
    query: SearchQuery,
    answer: SearchResult,
  },
  'search.all': {
    method: 'GET',
    path: '/api/search',
    scope: 'library',
    summary: 'Search what is said in all videos',
    query: SearchQuery,
    answer: SearchResult,
  },
  'videos.messages': {
    method: 'GET',
    path: '/api/videos/:id/messages',
    scope: 'read',
    summary: 'The talk of the room, newest page first, each page in order of time',
    params: ofVideo,
    query: z.object({
      limit: z.coerce.number().int().min(1).max(200).default(50),
      before: z.string().max(200).optional(),
    }),
    answer: listOf(Message),
  },
  'videos.say': {
    method: 'POST',
    path: '/api/videos/:id/messages',
    scope: 'talk',
    summary: 'Say something in the room; the same `clientId`, or `Idempotency-Key`, again gives the same message',
    params: ofVideo,
    body: SayMessage,
    answer: z.object({ message: Message }),
    status: 201,
  },
  'videos.notes': {
    method: 'GET',
    path: '/api/videos/:id/notes.:format',
    scope: 'read',
    summary:
      'The comments that have a place in the film, for editors: CSV, EDL (CMX 3600) or FCPXML. `start` is the time code of the first frame',
    params: z.object({ id: VideoId, format: NotesFormat }),
    query: z.object({ start: TimelineStart.optional() }),
    produces: 'text/*',
    opensBy: 'file',
  },
  'videos.ask': {
    method: 'POST',
    path: '/api/videos/:id/ask',
    scope: 'talk',
    summary: 'Ask about the video: the answer as JSON, or as server-sent events with `Accept: text/event-stream`',
    params: ofVideo,
    body: AskOverHttp,
    answer: z.object({ message: Message }),
  },
  'videos.events': {
    method: 'GET',
    path: '/api/videos/:id/events',
    scope: 'read',
    summary:
      'The room log after `since`; with `waitSeconds` it waits for the next event, with `Accept: text/event-stream` it goes on as server-sent events',
    params: ofVideo,
    query: FollowingQuery,
    answer: z.object({ events: z.array(EventEnvelope) }),
  },
  'library.events': {
    method: 'GET',
    path: '/api/library/events',
    scope: 'library',
    summary:
      "The library's own log after `since`: what came, was ready, went; with `waitSeconds` it waits for the next event, with `Accept: text/event-stream` it goes on as server-sent events",
    query: FollowingQuery,
    answer: z.object({ events: z.array(EventEnvelope) }),
  },
  'media.token': {
    method: 'GET',
    path: '/api/media-token',
    scope: 'play',
    summary: 'A signed token for the addresses of media, of one video or of all; null where none is wanted',
    query: z.object({
      videoId: VideoId.optional(),
      expiresSeconds: z.coerce.number().int().min(60).max(mediaTokenSeconds).default(86_400),
    }),
    answer: MediaToken,
  },
  'videos.fileToken': {
    method: 'GET',
    path: '/api/videos/:id/file-token',
    scope: 'read',
    summary: 'A signed token that opens one file made from the video, for a minute; null where none is wanted',
    params: ofVideo,
    query: z.object({ file: VideoFile }),
    answer: FileToken,
  },
  ...jobRoutes,
  ...keyRoutes,
  'health.get': {
    method: 'GET',
    path: '/health',
    scope: 'anyone',
    summary: 'Each part and each engine rung',
    answer: Health,
  },
  'health.ready': {
    method: 'GET',
    path: '/health/ready',
    scope: 'anyone',
    summary: '503 when a needed part is down',
    answer: Health,
  },
  'metrics.get': {
    method: 'GET',
    path: '/metrics',
    scope: 'operations',
    summary: 'Prometheus metrics',
    produces: 'text/plain',
  },
  'openapi.get': {
    method: 'GET',
    path: '/openapi.json',
    scope: 'anyone',
    summary: 'This contract as OpenAPI 3.1',
    produces: 'application/json',
  },
})

export type Routes = typeof routes
export type RouteName = keyof Routes
