import {
  asPicture,
  everyFrame,
  type FramePart,
  fitInto,
  jpeg,
  keyframesOnly,
  oneFrame,
  readFrames,
  type Size,
} from '../media/index.ts'
import type { Alongside } from './options.ts'
import type { Source } from './source.ts'

/** Where a small picture lies in the sheet, and the second of the film that it shows. */
export interface Tile extends Size {
  atSeconds: number
  x: number
  y: number
}

const tileWidth = 160
/** Of upright films; wider ones are lower. */
const mostHeight = 288
const mostTiles = 200
const columns = 10

/** As many pictures as tell a film: with these, further ones are not worth decoding every frame for. */
const enoughTiles = 30

/**
 * Writes one sheet of small pictures as JPEG to `target`: about one a second, fewer in long films. Keyframes alone are
 * decoded, which is ten times as fast; where these are too few, everything is, and who else waits for every frame reads
 * along. Answers what lies where, with the true times of the pictures; null when there are none.
 */
export async function makeStoryboard(
  source: Source,
  target: string,
  alongside: Alongside = nobody,
): Promise<Tile[] | null> {
  if (source.record.videoStream === null) return null
  const plan = planOf(source.record.video)
  const wanted = Math.min(plan.most / 2, enoughTiles)
  let times = await drawSheet(source, { plan, target, decode: keyframesOnly, alongside: nobody })
  if (times.length < wanted) times = await drawSheet(source, { plan, target, decode: everyFrame, alongside })
  if (times.length === 0) return null
  return times.slice(0, plan.columns * plan.rows).map((atSeconds, position) => ({
    ...plan.tile,
    atSeconds,
    x: (position % plan.columns) * plan.tile.width,
    y: Math.floor(position / plan.columns) * plan.tile.height,
  }))
}

const nobody: Alongside = { parts: () => [], keep: async () => {} }

interface Plan {
  tile: Size
  secondsApart: number
  /** More there will not be. */
  most: number
  columns: number
  rows: number
}

function planOf({ durationSeconds, width, height }: { durationSeconds: number } & Nullable<Size>): Plan {
  const secondsApart = Math.max(1, durationSeconds / mostTiles)
  const most = Math.min(mostTiles, Math.max(1, Math.ceil(durationSeconds / secondsApart)))
  const across = Math.min(columns, most)
  const tile = tileOf({ width: width ?? 16, height: height ?? 9 })
  return { tile, secondsApart, most, columns: across, rows: Math.ceil(most / across) }
}
type Nullable<T> = { [K in keyof T]: T[K] | null }

function tileOf({ width, height }: Size): Size {
  const enlarged = { width: 10_000 * width, height: 10_000 * height }
  const longest = Math.min(mostHeight, tileWidth * Math.max(1, height / width))
  return fitInto(enlarged, longest)
}

interface Sheet {
  plan: Plan
  target: string
  decode: readonly string[]
  alongside: Alongside
}

/** Answers the times of the pictures, in the order of the sheet. */
async function drawSheet(source: Source, { plan, target, decode, alongside }: Sheet): Promise<number[]> {
  const { record, ffmpeg, path, signal, timeoutSeconds } = source
  const sheet = sheetPart(plan, target)
  const parts = [sheet, ...alongside.parts(record)]
  const reading = { ffmpeg, path, videoStream: record.videoStream ?? 0, decode, parts }
  const printed = await readFrames(reading, { signal, timeoutSeconds, pace: 'background' })
  await alongside.keep(record, printed)
  return printed.filter(({ key }) => key === tileKey).map(({ atSeconds }) => atSeconds)
}

const tileKey = 'tile'

function sheetPart({ tile, secondsApart, columns, rows }: Plan, target: string): FramePart {
  // Frames a little early count as well: at 29.97 a second none falls on the full second.
  const spaced = `isnan(prev_selected_t)+gte(t-prev_selected_t,${(secondsApart - 0.02).toFixed(3)})`
  const graph = [
    `select='${spaced}'`,
    // A frame without any metadata would not be printed.
    `metadata=add:key=${tileKey}:value=1,metadata=print:key=${tileKey}:file=-`,
    asPicture(tile, { flags: 'fast_bilinear' }),
    `tile=${columns}x${rows}`,
  ].join(',')
  return { graph, writes: { path: target, options: [...oneFrame, ...jpeg(5)] } }
}
