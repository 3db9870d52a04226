import { isSameEmoji } from '../../../shared/emoji.ts'
import type { Message } from '../index.ts'

type Reactions = Message['reactions']
type Person = Reactions[number]['people'][number]

/** Reactions after someone chose an emoji, or took their choice back. One that nobody has is gone. */
export function withReaction(
  reactions: Reactions,
  { emoji, on }: { emoji: string; on: boolean },
  me: Person,
): Reactions {
  const others = (people: Person[]) => people.filter(person => person.id !== me.id)
  if (on && !reactions.some(each => isSameEmoji(each.emoji, emoji))) return [...reactions, { emoji, people: [me] }]
  return reactions
    .map(each =>
      isSameEmoji(each.emoji, emoji) ? { emoji, people: [...others(each.people), ...(on ? [me] : [])] } : each,
    )
    .filter(each => each.people.length > 0)
}
