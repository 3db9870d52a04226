import { Link2, Pencil, Reply, Trash2 } from 'lucide-react'
import type { Message } from '../../../../client-sdk/src/index.ts'
import { Menu, type MenuItem } from '../../ui/menu.tsx'
import { useToast } from '../../ui/toasts.tsx'
import { useDesk } from '../desk.ts'
import { ReactionPicker } from './reactions.tsx'
import { useTalk } from './talk-context.ts'
import { titleOf } from './title.ts'

interface MessageActionsProps {
  message: Message
  /** Who may change it, where that is not its author. */
  ownerId?: string | null
}

/** What can be done with a message; there while it has the pointer or the focus. */
export function MessageActions({ message, ownerId = message.authorId }: MessageActionsProps) {
  const { reply } = useDesk()
  const items = useItems(message, ownerId)
  return (
    <div className="message-actions">
      <ReactionPicker message={message} />
      <button
        type="button"
        className="icon-button"
        aria-label={`Reply to ${titleOf(message)}`}
        title="Reply (R)"
        onClick={() => reply(message.id)}
      >
        <Reply size={16} />
      </button>
      {items.length > 0 ? <Menu label="More for this message" items={items} /> : null}
    </div>
  )
}

function useItems(message: Message, ownerId: string | null): MenuItem[] {
  const { edit } = useDesk()
  const { memberId, remove } = useTalk()
  const say = useToast()
  const { atSeconds } = message
  const copy = () => {
    const address = new URL(`/videos/${message.videoId}?t=${(atSeconds ?? 0).toFixed(1)}`, location.href)
    navigator.clipboard?.writeText(address.href).then(
      () => say('Link to its second copied.'),
      () => say('The browser did not allow it.'),
    )
  }
  const link: MenuItem[] = atSeconds === null ? [] : [{ label: 'Copy link', icon: Link2, onSelect: copy }]
  if (ownerId === null || ownerId !== memberId) return link
  return [
    ...(message.kind === 'message'
      ? [{ label: 'Edit', icon: Pencil, hint: 'E', onSelect: () => edit(message.id) }]
      : []),
    ...link,
    { label: 'Delete', icon: Trash2, hint: 'Del', danger: true, onSelect: () => remove(message) },
  ]
}
