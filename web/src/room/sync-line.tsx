import { type SyncStatus, useRoom, useSyncStatus } from '../../../client-sdk/src/react/index.ts'

const words: Record<SyncStatus['state'], { short: string; long: string }> = {
  connecting: { short: 'Connecting', long: 'The room is being joined.' },
  'catching-up': { short: 'Catching up', long: 'What was missed is coming in.' },
  'up-to-date': { short: 'Up to date', long: 'You see what everyone sees.' },
  reconnecting: { short: 'Reconnecting · what you write is kept', long: 'It is sent when the connection is back.' },
  offline: { short: 'Offline, reconnecting · what you write is kept', long: 'It is sent when the connection is back.' },
}

/** Whether what one sees is what there is: quiet while it is. */
export function SyncLine() {
  const { state } = useSyncStatus()
  const { phase, failure, rejoin } = useRoom()
  const { short, long } = words[state]
  return phase === 'failed' ? (
    <p className="sync" role="status" data-state="offline" title={failure?.message}>
      <i aria-hidden="true" />
      <button type="button" onClick={rejoin}>
        Disconnected · join again
      </button>
    </p>
  ) : (
    <p className="sync" role="status" data-state={state} title={long}>
      <i aria-hidden="true" />
      <span>{short}</span>
    </p>
  )
}
