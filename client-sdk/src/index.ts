/** `@rushes/client`: upload films, follow their processing, talk and ask in their rooms. */
export type {
  AnswerInProgress,
  AnswerPart,
  AnswerUsage,
  ApiKey,
  ApiKeys,
  Citation,
  Correction,
  DirectUpload,
  FailureCode,
  Health,
  Hit,
  Job,
  JobCost,
  JobState,
  LibraryEvent,
  LibraryEventPayload,
  LibraryEventType,
  Member,
  Message,
  MessageKind,
  NewApiKey,
  Playback,
  Playhead,
  Position,
  PresenceNotice,
  Progress,
  Reaction,
  RoomEvent,
  RoomEventPayload,
  RoomEventType,
  RouteName,
  Scene,
  SearchMode,
  SearchResult,
  Segment,
  SocketNotices,
  Stage,
  StageKind,
  StageName,
  StageState,
  Transcript,
  TranscriptState,
  Unread,
  UploadParts,
  UploadState,
  UploadStatus,
  Video,
  VideoStatus,
  Waveform,
  Word,
} from '../../shared/index.ts'
export { timeCode } from '../../shared/time-code.ts'
export type { Answer } from './answer.ts'
export type { AskOptions } from './ask-over-http.ts'
export { newClientId } from './client-id.ts'
export { createRushes, type Rushes } from './create-rushes.ts'
export type { FollowOptions } from './follow-events.ts'
export type { CallAnswer, CallInput } from './http/call.ts'
export type { Jobs, ListJobsOptions, UntilEndedOptions } from './jobs.ts'
export type { CreateKeyOptions, Keys, RotateKeyOptions } from './keys.ts'
export type { Library, LibraryListenerArgs, LibraryListenerType } from './library.ts'
export { mayPass } from './may-pass.ts'
export type { CallOptions, RushesOptions } from './options.ts'
export type { JoinOptions } from './rooms/join-room.ts'
export type {
  MessageChange,
  MessageDraft,
  Room,
  RoomAskOptions,
  RoomListener,
  RoomListenerArgs,
  RoomListenerType,
  RoomPlayhead,
  RoomStatus,
  WatchedPlayer,
  WatchingChange,
} from './rooms/room.ts'
export { RushesError, type RushesErrorCode } from './rushes-error.ts'
export type { SaidMessage } from './say-over-http.ts'
export type { Storyboard, StoryboardTile } from './storyboard.ts'
export type { WaitOptions } from './until-ready.ts'
export type { UploadProgress } from './upload/progress-meter.ts'
export type { UploadInput, UploadStream } from './upload/source.ts'
export type { RunningUpload, StartUploadOptions, UploadActivity, UploadStanding } from './upload/start-upload.ts'
export type { UnfinishedUpload } from './upload/unfinished-uploads.ts'
export type { UploadOptions } from './upload/upload.ts'
export { type UploadAddress, type UploadToOptions, uploadTo } from './upload/upload-to.ts'
export type {
  DirectUploadInput,
  DirectUploadOptions,
  EventsOptions,
  FetchOptions,
  ListOptions,
  MessagesOptions,
  NotesFormat,
  NotesOptions,
  Page,
  SearchOptions,
  SignedUrls,
  ThumbnailOptions,
  TranscriptFormat,
  VideoProgress,
  Videos,
} from './videos.ts'
