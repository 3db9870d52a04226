/** Work off the main thread: pools of worker threads that can report and be told to stop. */
export { createPool } from './create-pool.ts'
export type { Pool, PoolOptions, RunOptions } from './pool.ts'
export { type TaskContext, task } from './task.ts'
