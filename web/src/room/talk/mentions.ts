import type { Person } from './talk-context.ts'

const letter = /[\p{L}\p{N}_]/u

/** Where `@` and the name of one of them stands; of names that begin alike the longest. */
function found(text: string, people: readonly Person[]): { at: number; end: number; person: Person }[] {
  const longestFirst = people.toSorted((a, b) => b.name.length - a.name.length)
  const places = []
  for (let at = text.indexOf('@'); at >= 0; at = text.indexOf('@', at + 1)) {
    if (letter.test(text[at - 1] ?? '')) continue
    const person = longestFirst.find(
      ({ name }) => text.startsWith(name, at + 1) && !letter.test(text[at + 1 + name.length] ?? ''),
    )
    if (person) places.push({ at, end: at + 1 + person.name.length, person })
  }
  return places
}

/** Whom a text speaks to. Two of one name are both meant, unless one of them was chosen from the list. */
export function mentionsIn(text: string, people: readonly Person[], chosen: ReadonlySet<string>): string[] {
  const names = new Set(found(text, people).map(({ person }) => person.name))
  const meant = people.filter(person => names.has(person.name))
  return meant
    .filter(({ id, name }) => chosen.has(id) || !meant.some(other => other.name === name && chosen.has(other.id)))
    .map(({ id }) => id)
}

/** The text in pieces; those that speak to someone say to whom. */
export function cutAtMentions(
  text: string,
  people: readonly Person[],
): { at: number; text: string; id: string | null }[] {
  const pieces = []
  let cursor = 0
  for (const { at, end, person } of found(text, people)) {
    pieces.push({ at: cursor, text: text.slice(cursor, at), id: null })
    pieces.push({ at, text: text.slice(at, end), id: person.id })
    cursor = end
  }
  pieces.push({ at: cursor, text: text.slice(cursor), id: null })
  return pieces.filter(piece => piece.text !== '')
}

/** The beginning of a name that is being typed before the caret; null when none is. */
export function nameBegun(text: string, caret: number): { at: number; begun: string } | null {
  const begun = /(?:^|[^\p{L}\p{N}_])@([\p{L}\p{N}_-]*)$/u.exec(text.slice(0, caret))?.[1]
  return begun === undefined ? null : { at: caret - begun.length - 1, begun }
}
