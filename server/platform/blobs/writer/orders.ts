/** What the thread is told. `writing` names one run of bytes into one file. */
export type WriterOrder =
  | { order: 'open'; writing: number; path: string; offset: number }
  | { order: 'write'; writing: number; chunks: Uint8Array[] }
  /** No more comes. `keep`: the file may be gone on with later. */
  | { order: 'end'; writing: number; keep: boolean }
  | { order: 'digest'; writing: number; path: string }

/** What it answers, in order. */
export type WriterAnswer = { writing: number } & (
  | { answer: 'wrote'; bytes: number }
  /** Everything is written and the file closed. `sha256` is that of the whole file, null when not all of it went through here. */
  | { answer: 'ended'; sizeBytes: number; sha256: string | null }
  | { answer: 'failed'; code: string | undefined; message: string }
)
