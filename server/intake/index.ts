/** Any file becomes a video: looked into, stored once, within the quota, recorded with its events. */
export { fromFile } from './adopt-file.ts'
export {
  createIdempotencyKeys,
  type IdempotencyKeys,
  idempotencyKeyIn,
  type Note,
} from './idempotency-keys.ts'
export { intakeMetrics } from './metrics.ts'
export { givenTitle, shownName, titleFrom } from './names.ts'
export { forgetKeys, type Made } from './queries.ts'
export { type CheckFile, createMeter, moreThanAnnounced, type Received, receiveFile, tooLarge } from './receive-file.ts'
export { type Beside, createTakeIn, type Film, type IntakeOptions, type TakeIn } from './take-in.ts'
