import { z } from 'zod'

/** How loud a film is along its length, from its beginning; some 1,000 to 2,000 peaks whatever its length. */
export const Waveform = z.object({
  /** Of the sound that was measured: one channel. */
  sampleRateHz: z.number().int(),
  /** What one peak stands for; the last may stand for less. */
  secondsPerPeak: z.number(),
  /** The largest deflection in each stretch: 0 is silence, 1 full scale. */
  peaks: z.array(z.number().min(0).max(1)),
})
export type Waveform = z.infer<typeof Waveform>
