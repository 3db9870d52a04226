import './deck.css'
import { MessageSquarePlus, Sparkles, X } from 'lucide-react'
import { useDesk } from './desk.ts'
import { usePlayback } from './playback.ts'
import { markedIn, markedOut, placeWords } from './spans.ts'
import { WatchControl } from './watch-control.tsx'

/** What one does with the film as a whole: mark a part of it, and watch it together. */
export function Deck() {
  return (
    <div className="deck">
      <SpanTools />
      <WatchControl />
    </div>
  )
}

function SpanTools() {
  const { span, mark, write } = useDesk()
  const playback = usePlayback()
  const now = () => playback.snapshot().seconds
  return (
    <fieldset className="span-tools">
      <legend className="unseen">Mark a part of the film</legend>
      <button
        type="button"
        className="deck-button"
        title="It begins here (I)"
        onClick={() => mark(markedIn(span, now()))}
      >
        <kbd>I</kbd> In
      </button>
      <button
        type="button"
        className="deck-button"
        title="It ends here (O)"
        onClick={() => mark(markedOut(span, now()))}
      >
        <kbd>O</kbd> Out
      </button>
      {span ? (
        <>
          <span className="span-words">
            {placeWords(span.startSeconds, span.endSeconds)}
            {span.endSeconds === null ? ' –' : ''}
          </span>
          <button
            type="button"
            className="icon-button"
            aria-label="Comment on the marked part"
            title="Comment on it (C)"
            onClick={() => write({ asking: false })}
          >
            <MessageSquarePlus size={16} />
          </button>
          <button
            type="button"
            className="icon-button"
            aria-label="Ask about the marked part"
            title="Ask about it (A)"
            onClick={() => write({ asking: true })}
          >
            <Sparkles size={16} />
          </button>
          <button
            type="button"
            className="icon-button"
            aria-label="Clear the marks"
            title="Clear the marks (Esc)"
            onClick={() => mark(null)}
          >
            <X size={16} />
          </button>
        </>
      ) : null}
    </fieldset>
  )
}
