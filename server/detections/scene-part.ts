import type { FramePart } from '../media/index.ts'

/** Frames on either side from which the steady picture is taken: what lasts no longer than that many is a flash. */
export const steadyRadius = 2
/** In the units of ffmpeg's `scdet`: 0 is no change, 100 from black to white. */
const cutScore = 10
/** Below the former: noise moves a score a little. */
const changeScore = 5

/** The keys of what is printed. */
export const printedKeys = {
  /** A cut in the steady pictures, on the frame `steadyRadius` before it. */
  cut: 'lavfi.scd.time',
  /** A sudden change from the frame before, flashes among them. */
  change: 'lavfi.scd.score',
  blackStart: 'lavfi.black_start',
  blackEnd: 'lavfi.black_end',
} as const

const print = (key: string, when = '') => `metadata=print:key=${key}${when}:file=-`

/**
 * Small grey pictures, compared each with the one before: as they are, for the exact frame, and as the median of five,
 * in which a flash of one or two frames is gone while a cut is as sharp as before.
 */
export const scenePart: FramePart = {
  graph: [
    'scale=96:-2:flags=fast_bilinear,format=gray',
    `,blackdetect=d=0:pic_th=0.98:pix_th=0.06,${print(printedKeys.blackStart)},${print(printedKeys.blackEnd)}`,
    ',split[scenes-all][scenes-steady]',
    `;[scenes-all]scdet=t=${changeScore},${print(printedKeys.change, `:value=${changeScore}:function=greater`)}`,
    ',nullsink',
    `;[scenes-steady]tmedian=radius=${steadyRadius},scdet=t=${cutScore},${print(printedKeys.cut)}`,
  ].join(''),
}
