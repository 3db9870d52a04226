import './transcript.css'
import { CaptionsOff, ServerCrash } from 'lucide-react'
import { type RefObject, useMemo, useRef } from 'react'
import type { Video } from '../../../../client-sdk/src/index.ts'
import type { TranscriptView } from '../../../../client-sdk/src/react/index.ts'
import { Notice } from '../../ui/notice.tsx'
import { usePlaybackValue } from '../playback.ts'
import { spokenAt } from '../segments.ts'
import type { Found } from '../use-found.ts'
import { NearestHits } from './nearest-hits.tsx'
import { SegmentRow } from './segment-row.tsx'
import { SelectionBar } from './selection-bar.tsx'
import { TranscriptSearch } from './transcript-search.tsx'
import { useFollow } from './use-follow.ts'

interface TranscriptPanelProps {
  video: Video
  transcript: TranscriptView
  found: Found
  searchInput: RefObject<HTMLInputElement | null>
}

export function TranscriptPanel({ video, transcript, found, searchInput }: TranscriptPanelProps) {
  const { segments } = transcript
  const scroller = useRef<HTMLDivElement>(null)
  const spoken = usePlaybackValue(now => spokenAt(segments, now.seconds))
  const follow = useFollow(scroller, spoken)
  const { matches, nearest } = found
  const bySegment = useMemo(() => Map.groupBy(matches, match => match.segmentIndex), [matches])

  if (segments.length === 0) return <WithoutSegments video={video} transcript={transcript} />
  return (
    <>
      <TranscriptSearch found={found} inputRef={searchInput} scroller={scroller} />
      <div className="scroller transcript" ref={scroller}>
        {nearest ? <NearestHits search={nearest} isMarked={matches.length > 0} inputRef={searchInput} /> : null}
        <ol>
          {segments.map((segment, position) => (
            <SegmentRow
              key={segment.index}
              segment={segment}
              spoken={position === spoken}
              matches={bySegment.get(segment.index)}
              speaker={segment.speaker !== segments[position - 1]?.speaker ? segment.speaker : undefined}
            />
          ))}
        </ol>
        {transcript.state === 'running' ? (
          <p className="listening">
            <span className="pulse" aria-hidden="true" /> Still listening
          </p>
        ) : null}
        <SelectionBar scroller={scroller} />
      </div>
      {follow.away ? (
        <button type="button" className="button follow-button" onClick={follow.resume}>
          Back to what is said now
        </button>
      ) : null}
    </>
  )
}

/** Nothing to read yet, or ever: why, in words. */
function WithoutSegments({ video, transcript }: { video: Video; transcript: TranscriptView }) {
  if (transcript.failure) {
    return (
      <Notice
        small
        icon={ServerCrash}
        title="The transcript did not load"
        actions={
          <button type="button" className="button" onClick={transcript.reload}>
            Try again
          </button>
        }
      >
        {transcript.failure.message}
      </Notice>
    )
  }
  if (transcript.state === 'unavailable' || video.status === 'error') {
    return (
      <Notice small icon={CaptionsOff} title="No transcript">
        {video.transcriptReason ?? video.error?.message ?? 'Nothing here can write down what is said.'}
      </Notice>
    )
  }
  if (transcript.state === 'ready' && !transcript.loading) {
    return (
      <Notice small icon={CaptionsOff} title="Nobody speaks">
        No words were heard in this film.
      </Notice>
    )
  }
  return <TranscriptSkeleton state={transcript.state} />
}

const lineWidths = ['92%', '78%', '86%', '64%', '90%', '72%']

function TranscriptSkeleton({ state }: { state: TranscriptView['state'] }) {
  return (
    <div className="transcript-skeleton" aria-busy="true">
      <p className="listening">
        <span className="pulse" aria-hidden="true" />
        {state === 'ready' ? 'Loading the transcript' : 'The words appear here as they are heard'}
      </p>
      {lineWidths.map(width => (
        <div key={width}>
          <span className="skeleton" />
          <span className="skeleton" style={{ width }} />
        </div>
      ))}
    </div>
  )
}
