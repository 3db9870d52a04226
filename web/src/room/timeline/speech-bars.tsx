import { memo, useMemo } from 'react'
import type { Segment, Waveform } from '../../../../client-sdk/src/index.ts'
import { loudness, speechDensity } from './geometry.ts'

interface SpeechBarsProps {
  segments: Segment[]
  durationSeconds: number
  heardUntil: number
  /** Null until it is there, and for a silent film. */
  waveform: Waveform | null
}

const barCount = 200
const positions = Array.from({ length: barCount }, (_, position) => position)

/** How loud the film is, or as long as that isn't known how densely is spoken, as bars; the same bars again in the accent, cut at the playhead. */
export const SpeechBars = memo(function SpeechBars({
  segments,
  durationSeconds,
  heardUntil,
  waveform,
}: SpeechBarsProps) {
  const heights = useMemo(
    () =>
      waveform ? loudness(waveform, durationSeconds, barCount) : speechDensity(segments, durationSeconds, barCount),
    [segments, durationSeconds, waveform],
  )
  const bars = positions.map(position => {
    const heard = waveform !== null || ((position + 0.5) / barCount) * durationSeconds <= heardUntil
    const height = `${(6 + (heights[position] ?? 0) * 82).toFixed(1)}%`
    return <i key={position} style={{ height }} data-unheard={heard ? undefined : ''} />
  })
  return (
    <>
      <div className="bars" aria-hidden="true">
        {bars}
      </div>
      <div className="bars bars-played" aria-hidden="true">
        {bars}
      </div>
    </>
  )
})
