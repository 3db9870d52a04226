import { type PendingMessage, useSyncStatus } from '../../../../client-sdk/src/react/index.ts'
import { Avatar } from '../../ui/avatar.tsx'
import { placeWords } from '../spans.ts'
import { TimeLink } from '../time-link.tsx'
import { MessageText } from './message-text.tsx'

interface PendingRowProps {
  item: PendingMessage
  onRetry: (clientId: string) => void
  onDiscard: (clientId: string) => void
}

/** What I said, before the server has it. */
export function PendingRow({ item, onRetry, onDiscard }: PendingRowProps) {
  const { atSeconds, endSeconds, failure } = item
  const { state } = useSyncStatus()
  return (
    <li className="message" data-pending={failure === null}>
      <Avatar name={item.author} />
      <div>
        <p className="message-head">
          <b>{item.author}</b>
          <span>{failure ? 'Not sent' : state === 'up-to-date' ? 'Sending' : 'Waiting for the connection'}</span>
        </p>
        <p className="message-body">
          {atSeconds === null ? null : (
            <TimeLink seconds={atSeconds} className="time-link at-chip">
              {placeWords(atSeconds, endSeconds)}
            </TimeLink>
          )}
          {item.kind === 'question' ? <span className="asked">Asked</span> : null}
          <MessageText message={item} />
        </p>
        {failure ? (
          <p className="message-failed" role="alert">
            {failure.message}{' '}
            <button type="button" onClick={() => onRetry(item.clientId)}>
              Try again
            </button>
            <button type="button" onClick={() => onDiscard(item.clientId)}>
              Discard
            </button>
          </p>
        ) : null}
      </div>
    </li>
  )
}
