import type { Scene } from '../../../client-sdk/src/index.ts'

/** Whoever asks for the scene before, just after one began, means the one before that. */
const graceSeconds = 1
/** Past the cut, so that rounding never shows the frame before it. */
const pastCutSeconds = 0.001

/** Where the next scene begins; null in the last. */
export function nextScene(scenes: readonly Scene[], seconds: number): number | null {
  const next = scenes.find(scene => scene.startSeconds > seconds)
  return next ? next.startSeconds + pastCutSeconds : null
}

/** Where this scene begins, or, at its beginning, the one before it; null where none is known. */
export function sceneBefore(scenes: readonly Scene[], seconds: number): number | null {
  const before = scenes.findLast(scene => scene.startSeconds < seconds - graceSeconds) ?? scenes[0]
  return before ? before.startSeconds + (before.startSeconds > 0 ? pastCutSeconds : 0) : null
}
