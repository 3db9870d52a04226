export interface PoolOptions {
  /** The worker's module: exports `run`, made by `task` of ./task.ts. */
  file: URL
  maxThreads: number
  /** How long an idle thread, and what its module holds, is kept. Default 60. */
  idleSeconds?: number
}
export interface RunOptions<Note> {
  signal?: AbortSignal
  /** Called for each note that the worker sends while it works. */
  onNote?: (note: Note) => void
}
/** Threads that all run one module. They start when first needed; what a module holds lives as long as its thread. */
export interface Pool<Data, Result, Note> {
  /**
   * Rejects with the worker's fault; on abort with the signal's reason, at once while it waits for a thread, else after
   * the worker has cleaned up. Throws `server.stopping` once the pool stops.
   */
  run(data: Data, options?: RunOptions<Note>): Promise<Result>
  /** Aborts what runs, waits until it has cleaned up, and ends the threads. */
  stop(): Promise<void>
}
