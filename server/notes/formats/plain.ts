/** Control characters, direction marks and breaks, which end a line or hide what stands in it. */
const unseen = /[\p{Cc}\p{Zl}\p{Zp}\u200e\u200f\u202a-\u202e\u2066-\u2069]+/gu

/** One line of text that any program can hold. */
export const oneLine = (text: string): string => text.toWellFormed().replace(unseen, ' ').replace(/ {2,}/g, ' ').trim()

/** Cut between characters as people see them, and marked. */
export function shortened(text: string, mostCharacters: number): string {
  if (text.length <= mostCharacters) return text
  let kept = ''
  for (const { segment } of new Intl.Segmenter().segment(text.slice(0, mostCharacters + 100))) {
    if (kept.length + segment.length >= mostCharacters) break
    kept += segment
  }
  return `${kept.trimEnd()}…`
}
