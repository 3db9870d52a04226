import type { Tile } from './make-storyboard.ts'

const sheetName = 'storyboard.jpg'

/** WebVTT that says which part of the sheet shows which stretch of the film, by media fragments. */
export function writeStoryboardVtt(tiles: readonly Tile[], durationSeconds: number): string {
  const cues = tiles.map(({ atSeconds, x, y, width, height }, position) => {
    // A frame may lie beyond the duration that the container names; a cue must still end after it starts.
    const end = tiles[position + 1]?.atSeconds ?? Math.max(durationSeconds, atSeconds + 0.001)
    return `${timestamp(atSeconds)} --> ${timestamp(end)}\n${sheetName}#xywh=${x},${y},${width},${height}\n`
  })
  return ['WEBVTT\n', ...cues].join('\n')
}

/** The same for a caller whose token stands in the address: players ask for the sheet by the name that they read. */
export const withToken = (vtt: string, token: string): string =>
  vtt.replaceAll(`${sheetName}#`, () => `${sheetName}?token=${encodeURIComponent(token)}#`)

function timestamp(seconds: number): string {
  const milliseconds = Math.round(seconds * 1000)
  const two = (value: number) => String(Math.floor(value)).padStart(2, '0')
  const [hours, minutes] = [milliseconds / 3_600_000, (milliseconds / 60_000) % 60]
  return `${two(hours)}:${two(minutes)}:${two((milliseconds / 1000) % 60)}.${String(milliseconds % 1000).padStart(3, '0')}`
}
