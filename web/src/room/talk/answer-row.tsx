import { Sparkles } from 'lucide-react'
import { type Citation, type Message, timeCode } from '../../../../client-sdk/src/index.ts'
import { useDesk } from '../desk.ts'
import { TimeLink } from '../time-link.tsx'
import { AnswerTo } from './answer-to.tsx'
import { MessageActions } from './message-actions.tsx'
import { Reactions } from './reactions.tsx'
import { useRowKeys } from './row-keys.ts'
import { TimedText } from './timed-text.tsx'
import { titleOf } from './title.ts'

interface AnswerRowProps {
  message: Message
  /** Also one that was deleted, where this page has seen it. */
  question: Message | undefined
  isQuestionGone: boolean
  isStop: boolean
}

const count = new Intl.NumberFormat('en')
const money = new Intl.NumberFormat('en', { style: 'currency', currency: 'USD', maximumSignificantDigits: 2 })

/** What it took, for those who hover; undefined when nobody counted. */
function costOf({ usage }: Message): string | undefined {
  if (!usage) return undefined
  const tokens = `${count.format(usage.inputTokens)} tokens read, ${count.format(usage.outputTokens)} written`
  return usage.costUsd === null ? tokens : `${tokens}, ${money.format(usage.costUsd)}`
}

export function AnswerRow({ message, question, isQuestionGone, isStop }: AnswerRowProps) {
  const { lit, light, pointed } = useDesk()
  const cited = new Set(message.citations.map(({ startSeconds }) => Math.floor(startSeconds)))
  // Whoever asked may take the answer away.
  const ownerId = question?.authorId ?? null
  const onKeyDown = useRowKeys(message, ownerId)
  const isLit = lit?.messageId === message.id
  const lightOne = (chosen: number | null) => light({ messageId: message.id, citations: message.citations, chosen })
  // Written without fractions: the citation that starts in that second is meant.
  const lightAt = (seconds: number) =>
    lightOne(message.citations.findIndex(({ startSeconds }) => Math.floor(startSeconds) === seconds))
  return (
    <li
      className="answer"
      data-message={message.id}
      data-lit={isLit}
      data-pointed={pointed === message.id}
      tabIndex={isStop ? 0 : -1}
      onKeyDown={onKeyDown}
    >
      <Sparkles size={16} aria-hidden="true" />
      <div>
        <p className="message-head">
          <b title={costOf(message)}>{titleOf(message)}</b>
          {question ? <AnswerTo question={question} isGone={isQuestionGone} /> : null}
        </p>
        <div className="answer-body">
          <TimedText text={message.body} checked={cited} onCite={lightAt} />
        </div>
        {message.citations.length > 0 ? (
          <ul className="chips" aria-label="Where the film says so">
            {message.citations.map((citation, position) => (
              <li key={`${citation.startSeconds}-${citation.endSeconds}`}>
                <CitationChip
                  citation={citation}
                  number={position + 1}
                  chosen={isLit && lit.chosen === position}
                  onHover={isLit ? undefined : () => lightOne(null)}
                  onChoose={() => lightOne(position)}
                />
              </li>
            ))}
          </ul>
        ) : null}
        <Reactions message={message} />
      </div>
      <MessageActions message={message} ownerId={ownerId} />
    </li>
  )
}

interface CitationChipProps {
  citation: Citation
  number: number
  chosen: boolean
  onHover: (() => void) | undefined
  onChoose: () => void
}

function CitationChip({ citation, number, chosen, onHover, onChoose }: CitationChipProps) {
  const { startSeconds, text } = citation
  return (
    <span className="chip" data-chosen={chosen} title={text} onPointerEnter={onHover}>
      <TimeLink
        seconds={startSeconds}
        className="chip-link"
        onSeek={onChoose}
        label={`Citation ${number} at ${timeCode(startSeconds)}: ${text}`}
      >
        {timeCode(startSeconds)}
      </TimeLink>
    </span>
  )
}
