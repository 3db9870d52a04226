import type { Cue } from './cue.ts'

/** Cues that follow one another this closely may show the same line still. */
const touchingSeconds = 0.1

/**
 * Live and automatic captions roll: each cue repeats the last line of the one before, over the new one. What is shown
 * on is said once: such lines are dropped, and a cue that only repeats lengthens the one before.
 */
export function mergeRolling(cues: readonly Cue[]): Cue[] {
  const merged: Cue[] = []
  let before: Cue | null = null
  for (const cue of cues) {
    const last = merged.at(-1)
    const touches = before !== null && cue.startSeconds - before.endSeconds <= touchingSeconds
    const lines = before !== null && touches ? cue.lines.slice(repeatedLines(before.lines, cue.lines)) : cue.lines
    if (lines.length > 0) merged.push({ ...cue, lines })
    else if (last) last.endSeconds = Math.max(last.endSeconds, cue.endSeconds)
    before = cue
  }
  return merged
}

/** How many lines at the end of `before` stand again at the start of `now`. */
function repeatedLines(before: readonly string[], now: readonly string[]): number {
  for (let count = Math.min(before.length, now.length); count > 0; count--) {
    if (before.slice(-count).every((line, index) => line === now[index])) return count
  }
  return 0
}
