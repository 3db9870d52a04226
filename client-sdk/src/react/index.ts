/** React hooks over `createRushes`: the library, a room, its transcript, search and uploads as plain state. */
export { RushesProvider, useRushes } from './provider.tsx'
export type { PendingMessage, Playhead, RoomPhase, RoomState, StreamingAnswer } from './room-state.ts'
export { type Loaded, useLoaded } from './use-loaded.ts'
export { type RoomHandle, useRoom } from './use-room.ts'
export { type SearchState, useSearch } from './use-search.ts'
export { type TranscriptView, useTranscript } from './use-transcript.ts'
export { type UploadItem, type Uploads, useUploads } from './use-uploads.ts'
export { useVideos, type Videos } from './use-videos.ts'
