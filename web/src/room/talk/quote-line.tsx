import { CornerUpRight } from 'lucide-react'
import type { Message } from '../../../../client-sdk/src/index.ts'
import { useDesk } from '../desk.ts'
import { titleOf } from './title.ts'

/** What a reply replies to; pressing goes there. */
export function QuoteLine({ replied }: { replied: Message | undefined }) {
  const { point } = useDesk()
  if (!replied)
    return (
      <p className="quote-line">
        <CornerUpRight size={12} aria-hidden="true" />
        <span>An earlier or deleted message</span>
      </p>
    )
  return (
    <button type="button" className="quote-line" onClick={() => point(replied.id)}>
      <CornerUpRight size={12} aria-hidden="true" />
      <span className="unseen">In reply to</span>
      <b>{titleOf(replied)}</b>
      <span>{replied.body}</span>
    </button>
  )
}
