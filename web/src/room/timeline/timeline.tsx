import './timeline.css'
import { useEffect, useRef, useState } from 'react'
import type { Message, Scene, Segment, Video } from '../../../../client-sdk/src/index.ts'
import { useStoryboard, useWaveform } from '../../../../client-sdk/src/react/index.ts'
import { useDesk } from '../desk.ts'
import type { Match } from '../matches.ts'
import { usePlayback, usePlaybackValue } from '../playback.ts'
import { along } from './geometry.ts'
import { Heads } from './heads.tsx'
import { HoverCard } from './hover-card.tsx'
import { Citations, Cuts, Hits, Ruler } from './marks.tsx'
import { CommentSpans, MarkedSpan, Pins } from './pins.tsx'
import { Scrubber } from './scrubber.tsx'
import { SpeechBars } from './speech-bars.tsx'

interface TimelineProps {
  video: Video
  segments: Segment[]
  /** Where the words of the search are said. */
  matches: Match[]
  /** Empty until they are known. */
  scenes: Scene[]
  messages: readonly Message[]
  /** The transcript is still being written: what lies after its end is unheard, not silent. */
  listening: boolean
}

/** Everything that has a time, on one axis. */
export function Timeline({ video, segments, matches, scenes, messages, listening }: TimelineProps) {
  const desk = useDesk()
  const track = useRef<HTMLDivElement>(null)
  const [hover, setHover] = useState<number | null>(null)
  const durationSeconds = usePlaybackValue(now => now.durationSeconds)
  const heardUntil = listening ? (segments.at(-1)?.endSeconds ?? 0) : durationSeconds
  const waveform = useWaveform(video)
  const storyboard = useStoryboard(video)
  useClock(track)

  return (
    <section className="timeline" aria-label="Timeline">
      <Heads durationSeconds={durationSeconds} />
      <div className="track" ref={track} data-lit={desk.lit !== null}>
        <SpeechBars segments={segments} durationSeconds={durationSeconds} heardUntil={heardUntil} waveform={waveform} />
        <Cuts scenes={scenes} durationSeconds={durationSeconds} />
        <MarkedSpan durationSeconds={durationSeconds} />
        <Citations lit={desk.lit} durationSeconds={durationSeconds} />
        <Hits matches={matches} durationSeconds={durationSeconds} />
        {hover === null ? null : <span className="track-hover" style={{ left: along(hover, durationSeconds) }} />}
        <span className="track-now" />
        <Scrubber segments={segments} onHover={setHover} />
        <CommentSpans messages={messages} durationSeconds={durationSeconds} />
        {hover === null ? null : (
          <HoverCard seconds={hover} durationSeconds={durationSeconds} segments={segments} storyboard={storyboard} />
        )}
      </div>
      <Pins messages={messages} durationSeconds={durationSeconds} />
      <Ruler durationSeconds={durationSeconds} />
    </section>
  )
}

/** Moves the playhead by a custom property, once a frame, without drawing anything again in React. */
function useClock(track: { current: HTMLDivElement | null }): void {
  const playback = usePlayback()
  useEffect(() => {
    const move = () => {
      const { seconds, durationSeconds } = playback.snapshot()
      track.current?.style.setProperty('--now', along(seconds, durationSeconds))
    }
    move()
    return playback.subscribe(move)
  }, [playback, track])
}
