import { memo } from 'react'
import type { Message } from '../../../../client-sdk/src/index.ts'
import { Avatar } from '../../ui/avatar.tsx'
import { age } from '../../ui/format.ts'
import { useDesk } from '../desk.ts'
import { placeWords } from '../spans.ts'
import { TimeLink } from '../time-link.tsx'
import { AnswerRow } from './answer-row.tsx'
import { EditForm } from './edit-form.tsx'
import { MessageActions } from './message-actions.tsx'
import { MessageText } from './message-text.tsx'
import { QuoteLine } from './quote-line.tsx'
import { Reactions } from './reactions.tsx'
import { useRowKeys } from './row-keys.ts'
import { useTalk } from './talk-context.ts'
import { UnansweredLine } from './unanswered-line.tsx'

interface MessageRowProps {
  message: Message
  before: Message | undefined
  /** What it replies to, or what an answer answers; undefined where that is not here. */
  replied: Message | undefined
  /** What an answer answers, also when that was deleted. */
  asked: Message | undefined
  isUnanswered: boolean
  /** Its answer was deleted, as this page saw. */
  wasAnswered: boolean
  /** The one that Tab comes to: from there arrows go on. */
  isStop: boolean
}

const togetherMs = 5 * 60_000

/** The same person again, within five minutes: no need to say who. */
function continues(message: Message, before: Message | undefined): boolean {
  if (!before || message.replyTo !== null || before.kind === 'answer') return false
  if (before.author !== message.author || before.authorId !== message.authorId) return false
  return Date.parse(message.createdAt) - Date.parse(before.createdAt) < togetherMs
}

export const MessageRow = memo(function MessageRow(props: MessageRowProps) {
  const { message, before, replied, asked, isUnanswered, wasAnswered, isStop } = props
  const { pointed, editing } = useDesk()
  const { memberId } = useTalk()
  const onKeyDown = useRowKeys(message, message.authorId)
  if (message.kind === 'answer')
    return <AnswerRow message={message} question={asked} isQuestionGone={!replied} isStop={isStop} />
  const short = continues(message, before)
  const isForMe = memberId !== null && message.mentions.some(id => id === memberId)
  return (
    // Its keys are those of what can be done with it: see the list of shortcuts.
    <li
      className="message"
      data-message={message.id}
      data-short={short}
      data-pointed={pointed === message.id}
      data-for-me={isForMe}
      tabIndex={isStop ? 0 : -1}
      onKeyDown={onKeyDown}
    >
      {short ? <span /> : <Avatar name={message.author} />}
      <div>
        {message.replyTo === null ? null : <QuoteLine replied={replied} />}
        {short ? null : (
          <p className="message-head">
            <b>{message.author}</b>
            <time dateTime={message.createdAt}>{age(message.createdAt)}</time>
          </p>
        )}
        {editing === message.id ? <EditForm message={message} /> : <MessageBody message={message} />}
        <Reactions message={message} />
        {isUnanswered ? <UnansweredLine question={message} wasAnswered={wasAnswered} /> : null}
      </div>
      {editing === message.id ? null : <MessageActions message={message} />}
    </li>
  )
})

function MessageBody({ message }: { message: Message }) {
  const { atSeconds, endSeconds, kind, editedAt } = message
  return (
    <p className="message-body">
      {atSeconds === null ? null : (
        <TimeLink seconds={atSeconds} className="time-link at-chip" label={`At ${placeWords(atSeconds, endSeconds)}`}>
          {placeWords(atSeconds, endSeconds)}
        </TimeLink>
      )}
      {kind === 'question' ? <span className="asked">Asked</span> : null}
      <MessageText message={message} />
      {editedAt === null ? null : (
        <span className="edited" title={`Changed ${age(editedAt)}`}>
          {' '}
          edited
        </span>
      )}
    </p>
  )
}
