/** What a caption file shows between two times. */
export interface Cue {
  startSeconds: number
  endSeconds: number
  lines: string[]
  speaker: string | null
}
