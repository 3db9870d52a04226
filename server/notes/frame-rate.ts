/** Frames as editors count them. `numerator / denominator` of them pass in a second. */
export interface FrameRate {
  /** As editors call it. */
  name: string
  numerator: number
  denominator: number
  /** Frames that are counted in a second of time code. */
  nominal: number
}

const whole = (rate: number): FrameRate => ({
  ...{ name: String(rate), numerator: rate, denominator: 1, nominal: rate },
})
/** 1000/1001 of a whole rate, as colour television brought it. */
const slowed = (name: string, nominal: number): FrameRate => ({
  ...{ name, numerator: nominal * 1000, denominator: 1001, nominal },
})

/** The rates that timelines of editors have. */
const timelines = [
  slowed('23.976', 24),
  whole(24),
  whole(25),
  slowed('29.97', 30),
  whole(30),
  whole(48),
  whole(50),
  slowed('59.94', 60),
  whole(60),
]
const usual = whole(25)

/** Half of what lies between 24 and 23.976. */
const tolerance = 0.0005
/** A slow or a fast camera: its frames fall on those of a timeline of so many times its rate, or of that part of it. */
const multiples = [2, 3, 4, 5, 6, 8, 1 / 2, 1 / 4]

const perSecond = ({ numerator, denominator }: FrameRate): number => numerator / denominator
const isAbout = (rate: FrameRate, wanted: number): boolean => Math.abs(perSecond(rate) / wanted - 1) < tolerance

/**
 * The timeline for a film of so many frames a second (on average, null when not known). `remark` says what is not as
 * the film has it.
 */
export function frameRateOf(measured: number | null): { rate: FrameRate; remark: string | null } {
  if (measured === null || !(measured > 0))
    return {
      rate: usual,
      remark: `the frame rate of this film is not known: ${usual.name} frames a second are assumed`,
    }
  const exact = timelines.find(rate => isAbout(rate, measured))
  if (exact) return { rate: exact, remark: null }
  const multiple = multiples.flatMap(factor => timelines.find(rate => isAbout(rate, measured * factor)) ?? [])[0]
  const distance = (rate: FrameRate) => Math.abs(Math.log(perSecond(rate) / measured))
  const rate = multiple ?? timelines.toSorted((a, b) => distance(a) - distance(b))[0] ?? usual
  return { rate, remark: `this film has ${measured} frames a second: they are counted as ${rate.name}` }
}

/** Times that people note are often cut to milliseconds: so near to the next frame they mean that. */
const cutOff = 0.1

/** The frame that is shown at a second, from 0. */
export const frameAt = (seconds: number, rate: FrameRate): number =>
  Math.max(0, Math.floor(seconds * perSecond(rate) + cutOff))

/** The first frame that is not shown any more at a second. */
export const frameAfter = (seconds: number, rate: FrameRate): number =>
  Math.max(0, Math.ceil(seconds * perSecond(rate) - cutOff))

/** Rational seconds, as FCPXML has them. */
export const rationalSeconds = (frames: number, { numerator, denominator }: FrameRate): string =>
  frames === 0 ? '0s' : `${frames * denominator}/${numerator}s`
