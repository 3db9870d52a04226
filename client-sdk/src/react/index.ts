/** React hooks over `createRushes`: the library, a room and what can be done in it, transcript, search, uploads and jobs. */
export type { Failing } from './failing.ts'
export type { JobsFilter } from './job-list.ts'
export { RushesProvider, useRushes } from './provider.tsx'
export type { Removal, RemoveOptions } from './removals.ts'
export { RoomProvider, type RoomProviderProps } from './room-provider.tsx'
export {
  type Other,
  type PendingMessage,
  type RoomPhase,
  type Saying,
  type StreamingAnswer,
  secondsOf,
} from './room-state.ts'
export type { RoomActions } from './room-store.ts'
export { type Asking, useAsk } from './use-ask.ts'
export { type JobList, useJobs } from './use-jobs.ts'
export { type Loaded, useLoaded } from './use-loaded.ts'
export { type Messages, useMessages, useUnread } from './use-messages.ts'
export { useOthers } from './use-others.ts'
export { type ShownPlayer, usePlayhead } from './use-playhead.ts'
export { type ProcessingProgress, useProgress } from './use-progress.ts'
export { type RoomHandle, useRoom } from './use-room.ts'
export { type SearchState, useSearch } from './use-search.ts'
export { useScenes, useStoryboard, useWaveform } from './use-storyboard.ts'
export { type SyncStatus, useSyncStatus } from './use-sync-status.ts'
export { type TranscriptView, useTranscript } from './use-transcript.ts'
export { useTyping } from './use-typing.ts'
export { type UploadItem, type Uploads, useUploads } from './use-uploads.ts'
export { useVideos, type Videos } from './use-videos.ts'
export { useWatchTogether, type WatchingTogether } from './use-watch-together.ts'
