import { numbersSpokenIn } from './languages.ts'
import { plainWords, spaced } from './plain-text.ts'
import type { FoundPassage } from './queries.ts'
import { formsIn, type SoughtTerm } from './query.ts'
import type { PassageSegment } from './schema.ts'
import { otherSpellings } from './spellings.ts'

/** Neighbouring segments, by their places in a passage, both ends included. */
export interface Run {
  first: number
  last: number
}

/** Every place where the words of the query follow each other, across segments too. */
export function locatePhrase(segments: readonly PassageSegment[], words: readonly string[]): Run[] {
  const said = segments.flatMap(({ text }, place) => plainWords(text).map(word => ({ word, place })))
  const runs: Run[] = []
  for (let from = 0; words.length > 0 && from + words.length <= said.length; from++) {
    if (!words.every((word, step) => said[from + step]?.word === word)) continue
    const run = { first: said[from]?.place ?? 0, last: said[from + words.length - 1]?.place ?? 0 }
    // What is said twice in one segment is one hit.
    if (runs.at(-1)?.last !== run.first) runs.push(run)
    from += words.length - 1
  }
  return runs
}

/** The shortest run that says as many of the terms as the whole does; null when none of them can be seen in it. */
export function locateTerms(
  { segments, stemmer }: Pick<FoundPassage, 'segments' | 'stemmer'>,
  terms: readonly SoughtTerm[],
): Run | null {
  const sought = terms.map(term => ({ term, open: term.open, forms: formsIn(term, stemmer) }))
  const found = segments.map(({ text }) => termsIn(text, sought, stemmer))
  const wanted = new Set(found.flatMap(said => [...said])).size
  for (let length = 1; wanted > 0 && length <= segments.length; length++) {
    for (let first = 0; first + length <= segments.length; first++) {
      const said = new Set(found.slice(first, first + length).flatMap(each => [...each]))
      if (said.size === wanted) return { first, last: first + length - 1 }
    }
  }
  return null
}

interface Sought extends Pick<SoughtTerm, 'open' | 'forms'> {
  term: SoughtTerm
}

/** Most terms stand there as they are sought: only for the others it is looked how else its words are spelt. */
function termsIn(text: string, sought: readonly Sought[], stemmer: string): Set<SoughtTerm> {
  const words = plainWords(text)
  const said = new Set(sought.filter(each => says(words, each)).map(({ term }) => term))
  if (said.size === sought.length) return said
  const others = otherSpellings(text, numbersSpokenIn(stemmer))
  for (const each of sought) if (!said.has(each.term) && says(others, each)) said.add(each.term)
  return said
}

function says(words: readonly string[], { forms, open }: Pick<Sought, 'forms' | 'open'>): boolean {
  return forms.some(form => {
    if (form.includes(' ')) return spaced(words).includes(` ${form} `)
    return words.some(word => isForm(word, form) || (open && word.startsWith(form)))
  })
}

const endings = new Set(
  [
    's es d ed e ing ings y i ies ied ly er ers or ors ion ions ation ations al ally ment ments ive ity able ful ness',
    'n en em t te ten st ung ungen lich a o as os ar an ant ent ons ez ais ait ement ada ado adas ados ando iendo amos',
  ]
    .join(' ')
    .split(' '),
).add('')

/** Alike up to an ending, as the database has found them to be: a stem, roughly. */
function isForm(a: string, b: string): boolean {
  let shared = 0
  while (shared < Math.min(a.length, b.length) && a[shared] === b[shared]) shared++
  if (shared === a.length && shared === b.length) return true
  return shared >= 3 && endings.has(undoubled(a, shared)) && endings.has(undoubled(b, shared))
}

/** What follows the shared part, without a doubled consonant: “plan”, “plan(n)ed”. */
function undoubled(word: string, shared: number): string {
  const rest = word.slice(shared)
  return rest.length > 1 && rest[0] === word[shared - 1] ? rest.slice(1) : rest
}
