import { MessageSquarePlus, Sparkles } from 'lucide-react'
import { type MouseEvent, memo, useMemo } from 'react'
import type { Segment } from '../../../../client-sdk/src/index.ts'
import { type Draft, useDesk } from '../desk.ts'
import type { Match } from '../matches.ts'
import { usePlayback, usePlaybackValue } from '../playback.ts'
import { lastStarted, type PlacedWord, placedWords } from '../segments.ts'
import { TimeLink } from '../time-link.tsx'
import { quoted } from './quote.ts'

interface SegmentRowProps {
  segment: Segment
  spoken: boolean
  matches: Match[] | undefined
  speaker: string | undefined
}

export const SegmentRow = memo(function SegmentRow({ segment, spoken, matches, speaker }: SegmentRowProps) {
  const playback = usePlayback()
  const { words, tail } = useMemo(() => placedWords(segment), [segment])
  // A click that ends a selection is no wish to seek.
  const onClick = (event: MouseEvent) => {
    const word = event.target instanceof Element ? event.target.closest<HTMLElement>('[data-start]') : null
    if (word && (getSelection()?.isCollapsed ?? true)) playback.seek(Number(word.dataset.start))
  }
  return (
    <li className="segment" data-spoken={spoken} data-segment={segment.index}>
      <TimeLink seconds={segment.startSeconds} />
      <div>
        {speaker ? <p className="speaker">{speaker}</p> : null}
        {/* The time beside it does the same for keyboards: a stop at every word would be a hundred stops a minute. */}
        {/* biome-ignore lint/a11y/useKeyWithClickEvents: see above */}
        <p className="segment-text" onClick={onClick}>
          {spoken ? (
            <SpokenWords words={words} matches={matches} />
          ) : (
            <Words words={words} matches={matches} current={-1} />
          )}
          {tail}
        </p>
      </div>
      <SegmentActions segment={segment} />
    </li>
  )
})

interface WordsProps {
  words: PlacedWord[]
  matches: Match[] | undefined
}

/** Listens to the clock, so that only the spoken segment is drawn again at every word. */
function SpokenWords({ words, matches }: WordsProps) {
  const current = usePlaybackValue(now => lastStarted(words, now.seconds + 0.02))
  return <Words words={words} matches={matches} current={current} />
}

function Words({ words, matches, current }: WordsProps & { current: number }) {
  return words.map((word, position) => {
    const match = matches?.some(({ from, to }) => position >= from && position <= to)
    const className = `word${match ? ' word-match' : ''}${position === current ? ' word-now' : ''}`
    return (
      // biome-ignore lint/suspicious/noArrayIndexKey: a word's place is what it is
      <span key={position}>
        {word.lead}
        <span className={className} data-start={word.startSeconds} data-end={word.endSeconds}>
          {word.text}
        </span>
      </span>
    )
  })
}

function SegmentActions({ segment }: { segment: Segment }) {
  const { write, mark } = useDesk()
  const about = (draft: Draft) => {
    mark({ startSeconds: segment.startSeconds, endSeconds: segment.endSeconds })
    write(draft)
  }
  return (
    <div className="segment-actions">
      <button
        type="button"
        className="icon-button"
        aria-label="Comment on this"
        title="Comment"
        onClick={() => about({ asking: false })}
      >
        <MessageSquarePlus size={16} />
      </button>
      <button
        type="button"
        className="icon-button"
        aria-label="Ask about this"
        title="Ask"
        onClick={() => about({ body: `${quoted(segment.text)} `, asking: true })}
      >
        <Sparkles size={16} />
      </button>
    </div>
  )
}
