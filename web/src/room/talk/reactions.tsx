import { SmilePlus } from 'lucide-react'
import type { Message } from '../../../../client-sdk/src/index.ts'
import { Menu } from '../../ui/menu.tsx'
import { useTalk } from './talk-context.ts'

const emojis = [
  ['👍', 'Thumbs up'],
  ['❤️', 'Heart'],
  ['😂', 'Laughing'],
  ['😮', 'Surprised'],
  ['🎬', 'Take'],
  ['✅', 'Done'],
  ['👀', 'Looking'],
  ['🔥', 'Fire'],
] as const

/** What people chose, how many and who; pressing joins them or takes it back. */
export function Reactions({ message: { id, reactions } }: { message: Message }) {
  const { memberId, react } = useTalk()
  if (reactions.length === 0) return null
  return (
    <ul className="reactions" aria-label="Reactions">
      {reactions.map(({ emoji, people }) => {
        const who = people.map(person => (person.id === memberId ? 'you' : person.name)).join(', ')
        return (
          <li key={emoji}>
            <button
              type="button"
              className="reaction"
              aria-pressed={people.some(person => person.id === memberId)}
              aria-label={`${emoji} ${people.length}: ${who}`}
              title={who}
              onClick={() => react(id, emoji)}
            >
              {emoji} <b>{people.length}</b>
            </button>
          </li>
        )
      })}
    </ul>
  )
}

export function ReactionPicker({ message: { id } }: { message: Message }) {
  const { react } = useTalk()
  const items = emojis.map(([emoji, label]) => ({
    label,
    content: <span className="emoji">{emoji}</span>,
    onSelect: () => react(id, emoji),
  }))
  return (
    <Menu label="React" title="React" items={items} row>
      <SmilePlus size={16} />
    </Menu>
  )
}
