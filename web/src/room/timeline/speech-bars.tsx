import { memo, useMemo } from 'react'
import type { Segment } from '../../../../client-sdk/src/index.ts'
import { speechDensity } from './geometry.ts'

interface SpeechBarsProps {
  segments: Segment[]
  durationSeconds: number
  heardUntil: number
}

const barCount = 200
const positions = Array.from({ length: barCount }, (_, position) => position)

/** How densely is spoken, as bars; the same bars again in the accent, cut at the playhead. */
export const SpeechBars = memo(function SpeechBars({ segments, durationSeconds, heardUntil }: SpeechBarsProps) {
  const density = useMemo(() => speechDensity(segments, durationSeconds, barCount), [segments, durationSeconds])
  const bars = positions.map(position => {
    const heard = ((position + 0.5) / barCount) * durationSeconds <= heardUntil
    const height = `${(6 + (density[position] ?? 0) * 82).toFixed(1)}%`
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
