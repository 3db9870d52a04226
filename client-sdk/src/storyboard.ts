import type { HttpCaller } from './http/call.ts'
import type { CallOptions } from './options.ts'

/** Where the small picture of a stretch of the film lies in the sheet, in pixels. */
export interface StoryboardTile {
  /** When the picture is seen; it stands for what follows, up to `endSeconds`. */
  startSeconds: number
  endSeconds: number
  x: number
  y: number
  width: number
  height: number
}

export interface Storyboard {
  /** One picture with all the small ones in it, for `<img src>` or a background. */
  sheetUrl: string
  /** In order of time, at least one. */
  tiles: StoryboardTile[]
}

export async function loadStoryboard(http: HttpCaller, id: string, options?: CallOptions): Promise<Storyboard> {
  const input = { params: { id, format: 'vtt' as const } }
  const response = await http.request('videos.storyboard', input, { ...options, accept: 'text/vtt' })
  const sheetUrl = http.linkOf('videos.storyboard', { params: { id, format: 'jpg' } })
  return { sheetUrl, tiles: parseTiles(await response.text()) }
}

const cue = /(\d+):(\d+):([\d.]+) --> (\d+):(\d+):([\d.]+)\s+\S*#xywh=(\d+),(\d+),(\d+),(\d+)/g

function parseTiles(vtt: string): StoryboardTile[] {
  return [...vtt.matchAll(cue)].map(([, ...parts]) => {
    const [h = 0, m = 0, s = 0, toH = 0, toM = 0, toS = 0, x = 0, y = 0, width = 0, height = 0] = parts.map(Number)
    return { startSeconds: h * 3600 + m * 60 + s, endSeconds: toH * 3600 + toM * 60 + toS, x, y, width, height }
  })
}
