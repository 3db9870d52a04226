/** In pixels, as it is shown: turned upright. */
export interface Size {
  width: number
  height: number
}

/** The same shape within a square of `longest` pixels, never larger than it was, in even numbers as 4:2:0 wants them. */
export function fitInto({ width, height }: Size, longest: number): Size {
  return scaled({ width, height }, Math.min(1, longest / Math.max(width, height)))
}

/** The same shape, so wide and never wider than it was. */
export const fitWidth = (size: Size, width: number): Size =>
  fitInto(size, Math.max(size.width, size.height) * Math.min(1, width / size.width))

/** The same shape within a frame of another one, as large as it can be there. The frame's sides are even. */
export const fitWithin = ({ width, height }: Size, frame: Size): Size =>
  scaled({ width, height }, Math.min(frame.width / width, frame.height / height))

function scaled({ width, height }: Size, scale: number): Size {
  const even = (pixels: number) => Math.max(2, 2 * Math.round((pixels * scale) / 2))
  return { width: even(width), height: even(height) }
}

/** A filter to square pixels, 8 bit 4:2:0, in the range of films. */
export const asFilm = ({ width, height }: Size): string =>
  `scale=${width}:${height}:out_range=tv,setsar=1,format=yuv420p`

interface PictureWay {
  /** How it is made smaller. Default: as well as it can be. */
  flags?: 'fast_bilinear'
  /** Default: true. Else what the file says of its pixels' shape is passed on. */
  square?: boolean
}

/** The same in the range of a JPEG. */
export const asPicture = ({ width, height }: Size, { flags, square = true }: PictureWay = {}): string =>
  `scale=${width}:${height}:${flags ? `flags=${flags}:` : ''}out_range=pc,${square ? 'setsar=1,' : ''}format=yuvj420p`
