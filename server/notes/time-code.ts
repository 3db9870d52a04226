import { AppError } from '../platform/errors.ts'
import type { FrameRate } from './frame-rate.ts'

/** How the frames of a timeline are called. */
export interface TimeCodes {
  rate: FrameRate
  isDropFrame: boolean
}

const hoursOfDay = 24

/** Numbers that drop-frame counting leaves out in a minute; 0 where there is none. */
const droppedNumbers = ({ nominal, denominator }: FrameRate): number =>
  denominator === 1001 && nominal % 30 === 0 ? nominal / 15 : 0

export const canDropFrames = (rate: FrameRate): boolean => droppedNumbers(rate) > 0

/**
 * Drop-frame counting leaves numbers out, never frames, so that the code keeps up with the clock: the first two of every
 * minute except each tenth, at 59.94 the first four (SMPTE ST 12-1, “drop frame – NTSC time compensated mode”).
 */
export function timeCodeOf(frame: number, { rate, isDropFrame }: TimeCodes): string {
  const dropped = isDropFrame ? droppedNumbers(rate) : 0
  const inMinute = rate.nominal * 60 - dropped
  const inTenMinutes = inMinute * 10 + dropped
  const inDay = inTenMinutes * 6 * hoursOfDay
  const ofDay = ((frame % inDay) + inDay) % inDay
  const [tens, rest] = [Math.floor(ofDay / inTenMinutes), ofDay % inTenMinutes]
  // The first of ten minutes has all its numbers.
  const minutesBegun = rest < inMinute + dropped ? 0 : 1 + Math.floor((rest - inMinute - dropped) / inMinute)
  const number = ofDay + dropped * (9 * tens + minutesBegun)
  const seconds = Math.floor(number / rate.nominal)
  const parts = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60].map(twoDigits)
  return `${parts.join(':')}${isDropFrame ? ';' : ':'}${twoDigits(number % rate.nominal)}`
}

/** The frame that is called so. Throws `request.invalid` for a number that no frame has. */
export function frameOf(text: string, { rate, isDropFrame }: TimeCodes): number {
  const [hours = 0, minutes = 0, seconds = 0, frames = 0] = text.split(/[:;]/).map(Number)
  const dropped = isDropFrame ? droppedNumbers(rate) : 0
  if (frames >= rate.nominal) throw impossible(text, `there are frames 00 to ${rate.nominal - 1} in a second of it`)
  if (frames < dropped && seconds === 0 && minutes % 10 !== 0)
    throw impossible(text, 'drop-frame counting leaves that number out')
  const allMinutes = hours * 60 + minutes
  const number = (allMinutes * 60 + seconds) * rate.nominal + frames
  return number - dropped * (allMinutes - Math.floor(allMinutes / 10))
}

/**
 * How a timeline counts whose first frame has that name: drop-frame when it is written with `;`. Without a name, from
 * zero, by drop-frame where the rate has it, as broadcasters do. Throws `request.invalid`.
 */
export function timelineFrom(start: string | undefined, rate: FrameRate): TimeCodes & { firstFrame: number } {
  const isDropFrame = start === undefined ? canDropFrames(rate) : start.includes(';')
  if (isDropFrame && !canDropFrames(rate))
    throw impossible(start ?? '', 'drop-frame counting (`;`) is there for 29.97 and 59.94 alone')
  const codes = { rate, isDropFrame }
  return { ...codes, firstFrame: start === undefined ? 0 : frameOf(start, codes) }
}

/** As editors say it: `25`, `29.97 DF`. */
export const nameOf = ({ rate, isDropFrame }: TimeCodes): string =>
  canDropFrames(rate) ? `${rate.name} ${isDropFrame ? 'DF' : 'NDF'}` : rate.name

const twoDigits = (value: number): string => String(value).padStart(2, '0')
const impossible = (text: string, why: string) =>
  new AppError('request.invalid', `No frame is called ${text} on a timeline of this film: ${why}.`)
