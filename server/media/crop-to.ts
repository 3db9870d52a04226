import type { Size } from './fit.ts'

/** A part of the picture, in fractions of its width and height, from the upper left corner of the picture as it is shown. */
export interface Box {
  x: number
  y: number
  width: number
  height: number
}

/**
 * A filter to a part of the picture, and how large that is. Places and sides are even, as 4:2:0 wants them, so it is exact
 * to a pixel or two; what reaches beyond the picture is moved inside, and made smaller where it is larger than that.
 *
 * @param size Of the picture that comes in: of the film, or what it was fitted into.
 */
export function cropTo(box: Box, size: Size): { filter: string; size: Size } {
  const [x, width] = within(box.x * size.width, box.width * size.width, size.width)
  const [y, height] = within(box.y * size.height, box.height * size.height, size.height)
  return { filter: `crop=${width}:${height}:${x}:${y}`, size: { width, height } }
}

function within(from: number, length: number, whole: number): [from: number, length: number] {
  const kept = Math.max(2, Math.min(even(length), evenBelow(whole)))
  return [Math.max(0, Math.min(even(from), evenBelow(whole - kept))), kept]
}

const even = (pixels: number) => 2 * Math.round(pixels / 2)
const evenBelow = (pixels: number) => 2 * Math.floor(pixels / 2)
