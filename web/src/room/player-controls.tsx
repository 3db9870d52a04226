import { Captions, CaptionsOff } from 'lucide-react'
import { useState } from 'react'
import { usePlayback, usePlaybackValue } from './playback.ts'
import { QualityMenu } from './quality-menu.tsx'
import type { Adaptive } from './use-hls.ts'

/** The bar over the film. Its own line of time shows in full screen only, where the timeline can't be seen. */
export function PlayerControls({ captioned, ladder }: { captioned: boolean; ladder: Adaptive }) {
  return (
    <media-control-bar>
      <media-play-button />
      <media-mute-button />
      <media-volume-range />
      <media-time-display showduration="" notoggle="" />
      <media-time-range />
      <span className="stage-space" />
      <RateButton />
      <QualityMenu {...ladder} />
      {captioned ? <CaptionsButton /> : null}
      <media-pip-button />
      <media-fullscreen-button />
    </media-control-bar>
  )
}

const rates = [0.5, 1, 1.25, 1.5, 2]

/** Who follows runs a little faster or slower at times, to make up for what it is off: that is no speed to show. */
const roundRate = (rate: number): number =>
  [...rates, 4].toSorted((a, b) => Math.abs(Math.log(a / rate)) - Math.abs(Math.log(b / rate)))[0] ?? rate

function RateButton() {
  const playback = usePlayback()
  const rate = usePlaybackValue(now => roundRate(now.rate))
  const next = rates.find(each => each > rate) ?? 0.5
  return (
    <button
      type="button"
      className="bar-button"
      title={`Speed; press for ${next}×`}
      onClick={() => playback.setRate(next)}
    >
      {rate}×<span className="unseen"> speed</span>
    </button>
  )
}

/** Ours: the one of the player library says `aria-checked` on a button, which readers don't expect. */
function CaptionsButton() {
  const playback = usePlayback()
  const [shown, setShown] = useState(false)
  const toggle = () => {
    const [track] = playback.element()?.textTracks ?? []
    if (track) track.mode = shown ? 'disabled' : 'showing'
    setShown(!shown)
  }
  const Icon = shown ? Captions : CaptionsOff
  return (
    <button
      type="button"
      className="bar-button"
      aria-label="Captions"
      aria-pressed={shown}
      title="Captions"
      onClick={toggle}
    >
      <Icon size={20} aria-hidden="true" />
    </button>
  )
}
