import { memo } from 'react'
import { type Message, timeCode } from '../../../../client-sdk/src/index.ts'
import { Avatar } from '../../ui/avatar.tsx'
import { age } from '../../ui/format.ts'
import { useDesk } from '../desk.ts'
import { TimeLink } from '../time-link.tsx'
import { AnswerRow } from './answer-row.tsx'
import { TimedText } from './timed-text.tsx'

interface MessageRowProps {
  message: Message
  before: Message | undefined
  /** What an answer answers. */
  question: Message | undefined
}

const togetherMs = 5 * 60_000

/** The same person again, within five minutes: no need to say who. */
function continues(message: Message, before: Message | undefined): boolean {
  if (!before || before.kind === 'answer' || before.author !== message.author) return false
  return Date.parse(message.createdAt) - Date.parse(before.createdAt) < togetherMs
}

export const MessageRow = memo(function MessageRow({ message, before, question }: MessageRowProps) {
  const { pointed } = useDesk()
  if (message.kind === 'answer') return <AnswerRow message={message} question={question} />
  const short = continues(message, before)
  return (
    <li className="message" data-message={message.id} data-short={short} data-pointed={pointed === message.id}>
      {short ? <span /> : <Avatar name={message.author} />}
      <div>
        {short ? null : (
          <p className="message-head">
            <b>{message.author}</b>
            <time dateTime={message.createdAt}>{age(message.createdAt)}</time>
          </p>
        )}
        <p className="message-body">
          {message.atSeconds === null ? null : (
            <TimeLink
              seconds={message.atSeconds}
              className="time-link at-chip"
              label={`At ${timeCode(message.atSeconds)}`}
            />
          )}
          {message.kind === 'question' ? <span className="asked">Asked</span> : null}
          <TimedText text={message.body} />
        </p>
      </div>
    </li>
  )
})
