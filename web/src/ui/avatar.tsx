import type { CSSProperties } from 'react'

/** Two letters at most: of the first and the last word. Code points, so that no letter is cut in half. */
export function initialsOf(name: string): string {
  const words = name.trim().split(/\s+/)
  const first = [...(words.at(0) ?? '')].at(0) ?? '?'
  const last = words.length > 1 ? ([...(words.at(-1) ?? '')].at(0) ?? '') : ''
  return (first + last).toUpperCase()
}

/** One name, one hue, on every screen. */
export function hueOf(name: string): number {
  let sum = 0
  for (const letter of name) sum = (sum * 31 + (letter.codePointAt(0) ?? 0)) % 3600
  return (sum % 12) * 30
}

export const personStyle = (name: string): CSSProperties => ({ '--person': hueOf(name) }) as CSSProperties

export function Avatar({ name }: { name: string }) {
  return <span className="avatar" style={personStyle(name)} data-text={initialsOf(name)} aria-hidden="true" />
}
