import { useOthers } from '../../../../client-sdk/src/react/index.ts'

/** Always there, often empty: nothing moves when someone starts to type. */
export function TypingLine() {
  const names = useOthers(others => others.filter(other => other.typing).map(other => other.name))
  return <p className="typing">{names.length === 0 ? '' : sentence(names)}</p>
}

function sentence(names: readonly string[]): string {
  const [first, second] = names
  if (names.length === 1) return `${first} is typing…`
  if (names.length === 2) return `${first} and ${second} are typing…`
  return `${first} and ${names.length - 1} others are typing…`
}
