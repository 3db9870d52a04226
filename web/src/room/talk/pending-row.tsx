import type { PendingMessage } from '../../../../client-sdk/src/react/index.ts'
import { Avatar } from '../../ui/avatar.tsx'
import { TimeLink } from '../time-link.tsx'

interface PendingRowProps {
  item: PendingMessage
  onRetry: (clientId: string) => void
  onDiscard: (clientId: string) => void
}

/** What I said, before the server has it. */
export function PendingRow({ item, onRetry, onDiscard }: PendingRowProps) {
  return (
    <li className="message" data-pending={item.failure === null}>
      <Avatar name={item.author} />
      <div>
        <p className="message-head">
          <b>{item.author}</b>
          <span>{item.failure ? 'Not sent' : 'Sending'}</span>
        </p>
        <p className="message-body">
          {item.atSeconds === null ? null : <TimeLink seconds={item.atSeconds} className="time-link at-chip" />}
          {item.kind === 'question' ? <span className="asked">Asked</span> : null}
          {item.body}
        </p>
        {item.failure ? (
          <p className="message-failed" role="alert">
            {item.failure.message}{' '}
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
