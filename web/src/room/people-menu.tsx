import { timeCode } from '../../../client-sdk/src/index.ts'
import { type Other, secondsOf, useOthers } from '../../../client-sdk/src/react/index.ts'
import { Avatar } from '../ui/avatar.tsx'
import { countOf } from '../ui/format.ts'
import { Menu, type MenuItem } from '../ui/menu.tsx'
import { usePlayback } from './playback.ts'
import { useWatching } from './watching.tsx'

const shownPeople = 4

/** Who is here, once each; opened, where they are, and who could lead next. */
export function PeopleMenu({ name }: { name: string }) {
  const others = useOthers()
  const playback = usePlayback()
  const { isLeading, handOn } = useWatching()
  const people = [{ id: 'me', name }, ...others]
  const rest = people.length - shownPeople
  const items: MenuItem[] = [
    { label: `${name} you`, content: <Person name={name} hint="you" /> },
    ...others.map(other => ({
      label: `${other.name} ${placeOf(other)}`,
      content: <Person name={other.name} hint={placeOf(other)} />,
      onSelect: () => playback.seek(secondsOf(other) ?? playback.snapshot().seconds),
    })),
    ...(isLeading ? others.map(({ id, name: to }) => handOver(to, () => void handOn(id))) : []),
  ]
  return (
    <Menu
      label={`${countOf(people.length, 'person', 'people')} here: ${people.map(person => person.name).join(', ')}`}
      title={people.map(titleOf).join('\n')}
      items={items}
      className="people"
    >
      {people.slice(0, shownPeople).map(person => (
        <Avatar key={person.id} name={person.name} />
      ))}
      {rest > 0 ? (
        <span className="people-more" aria-hidden="true">
          +{rest}
        </span>
      ) : null}
    </Menu>
  )
}

const handOver = (name: string, onSelect: () => void): MenuItem => ({ label: `Hand the lead to ${name}`, onSelect })

const titleOf = (person: { name: string; connections?: number }): string =>
  (person.connections ?? 1) > 1 ? `${person.name} (${person.connections} tabs)` : person.name

function placeOf(other: Other): string {
  const seconds = secondsOf(other)
  const words = [
    seconds === null ? '' : `at ${timeCode(seconds)}`,
    other.leading ? 'leads' : '',
    other.following ? 'follows' : '',
    other.connections > 1 ? `${other.connections} tabs` : '',
  ]
  return words.filter(Boolean).join(' · ')
}

function Person({ name, hint }: { name: string; hint: string }) {
  return (
    <>
      <Avatar name={name} />
      <span>{name}</span> <small>{hint}</small>
    </>
  )
}
