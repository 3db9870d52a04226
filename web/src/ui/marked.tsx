import { Fragment } from 'react'

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')

/** The text, with the words of the query marked. */
export function Marked({ text, query }: { text: string; query: string }) {
  const words = query.split(/\s+/).filter(word => word.length > 1)
  if (words.length === 0) return <>{text}</>
  const pieces = text.split(new RegExp(`(${words.map(escaped).join('|')})`, 'giu'))
  let offset = 0
  return pieces.map((piece, position) => {
    const key = offset
    offset += piece.length
    return position % 2 === 1 ? <mark key={`m${key}`}>{piece}</mark> : <Fragment key={`t${key}`}>{piece}</Fragment>
  })
}
