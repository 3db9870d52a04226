/** Demuxers that read what users send. No playlists, no concat, no image sequences: those open further files. */
export const mediaFormats = [
  'mov',
  'mp4',
  'matroska',
  'webm',
  'avi',
  'mpegts',
  'mpeg',
  'ogg',
  'flac',
  'mp3',
  'wav',
  'aac',
  'flv',
  'asf',
  'aiff',
] as const
/** Demuxers for subtitle files, to be named where one is wanted. */
export const subtitleFormats = ['webvtt', 'srt', 'ass'] as const

export interface MediaInput {
  /** A local file; for the format `lavfi`, the filter graph. */
  path: string
  /** What stands before `-i`. */
  options?: readonly string[]
  /** The demuxers that may read it. Default: `mediaFormats`. */
  formats?: readonly string[]
}

export interface MediaOutput {
  /** A local file. It is overwritten. */
  path: string
  options: readonly string[]
}

export interface Limits {
  /** Of address space, for each process. */
  memoryBytes: number
  /** 0 (as the server) to 19 (only when nobody else wants the processor). */
  niceness: number
}

/** For limited.sh: must come first on the command line. */
export const limitArguments = ({ memoryBytes, niceness }: Limits): string[] => [
  '--memory-kib',
  String(Math.ceil(memoryBytes / 1024)),
  '--niceness',
  String(niceness),
]

/** Only local bytes, only by known demuxers: a hostile file can't make ffmpeg open anything else. */
export const readingOptions = ({ options = [], formats = mediaFormats }: MediaInput): string[] => [
  '-protocol_whitelist',
  'file,pipe',
  '-format_whitelist',
  formats.join(','),
  ...options,
]

/** With `file:` before it no name is taken for another protocol or for an option. */
export const sourceOf = ({ path, formats }: MediaInput): string => (formats?.includes('lavfi') ? path : `file:${path}`)
