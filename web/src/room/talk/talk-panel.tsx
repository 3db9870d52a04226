import './talk.css'
import { MessagesSquare } from 'lucide-react'
import {
  type FocusEvent,
  Fragment,
  type KeyboardEvent,
  type RefObject,
  useEffect,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
} from 'react'
import type { Message } from '../../../../client-sdk/src/index.ts'
import {
  type Asking,
  type Messages,
  type StreamingAnswer,
  useAsk,
  useMessages,
} from '../../../../client-sdk/src/react/index.ts'
import { Notice } from '../../ui/notice.tsx'
import { useDesk } from '../desk.ts'
import type { Me } from '../use-name.ts'
import { Announcer } from './announcer.tsx'
import { Composer } from './composer.tsx'
import { MessageRow } from './message-row.tsx'
import { PendingRow } from './pending-row.tsx'
import { StreamingRow } from './streaming-row.tsx'
import { TalkContext } from './talk-context.ts'
import { TypingLine } from './typing-line.tsx'
import { useQuestionMemory } from './use-question-memory.ts'
import { useTalkValue } from './use-talk-value.ts'
import { useUnreadLine } from './use-unread-line.ts'

interface TalkPanelProps {
  me: Me
  composer: RefObject<HTMLTextAreaElement | null>
}

export function TalkPanel({ me, composer }: TalkPanelProps) {
  const talk = useMessages()
  const asking = useAsk()
  const { messages, pending, loadEarlier } = talk
  const scroller = useRef<HTMLDivElement>(null)
  const empty = messages.length + pending.length + asking.answers.length === 0
  const streamed = asking.answers.map(({ text, failure }) => failure?.code ?? text.length)
  useStickToEnd(scroller, `${messages.length} ${pending.length} ${streamed}`)
  useStayAtLine(scroller, messages[0]?.id)
  usePointedMessage(scroller)
  const value = useTalkValue({ talk, asking, composer })
  const newFrom = useUnreadLine(scroller, messages)

  return (
    <TalkContext value={value}>
      {/* Scrolled by keys even when nothing in it can be pressed. */}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: see above */}
      <section className="scroller talk" ref={scroller} tabIndex={0} aria-label="What was said">
        {empty ? <EmptyTalk /> : null}
        {loadEarlier ? (
          <button type="button" className="button button-plain earlier" onClick={loadEarlier}>
            Show earlier
          </button>
        ) : null}
        <TalkList talk={talk} asking={asking} newFrom={newFrom} />
      </section>
      <TypingLine />
      <Composer me={me} messages={messages} send={talk.send} ask={asking.ask} inputRef={composer} />
      <Announcer messages={messages} />
    </TalkContext>
  )
}

interface TalkListProps {
  talk: Messages
  asking: Asking
  /** The first that is new since I was here. */
  newFrom: string | null
}

function TalkList({ talk: { messages, pending, retry, discard }, asking, newFrom }: TalkListProps) {
  const byId = useMemo(() => new Map(messages.map(message => [message.id as string, message])), [messages])
  const { questions, answered } = useQuestionMemory(messages)
  const { stop, onFocus, onKeyDown } = useArrows(messages)
  const cards = useMemo(() => Map.groupBy(asking.answers, answer => placeOf(answer, byId)), [asking.answers, byId])
  const cardsAt = (place: string) =>
    cards.get(place)?.map(answer => {
      const { answerId, questionId } = answer
      const question = byId.get(questionId) ?? questions.get(questionId)
      return <StreamingRow key={answerId} answer={answer} question={question} isQuestionGone={!byId.has(questionId)} />
    })
  const startsAnew = (message: Message, before: Message | undefined) =>
    message.id === newFrom || (before !== undefined && cards.has(before.id))
  return (
    // The arrows go from line to line; each line has its own keys.
    <ol className="talk-list" onKeyDown={onKeyDown} onFocus={onFocus}>
      {messages.map((message, position) => (
        <Fragment key={message.id}>
          {message.id === newFrom ? <li className="new-line">New since you were here</li> : null}
          <MessageRow
            message={message}
            before={startsAnew(message, messages[position - 1]) ? undefined : messages[position - 1]}
            replied={message.replyTo === null ? undefined : byId.get(message.replyTo)}
            asked={message.kind === 'answer' ? questions.get(message.replyTo ?? '') : undefined}
            isUnanswered={asking.unanswered.has(message.id)}
            wasAnswered={answered.has(message.id)}
            isStop={message.id === stop}
          />
          {cardsAt(message.id)}
        </Fragment>
      ))}
      {cardsAt(theEnd)}
      {pending.map(item => (
        <PendingRow key={item.clientId} item={item} onRetry={retry} onDiscard={discard} />
      ))}
    </ol>
  )
}

const theEnd = 'end'

/** An answer is written where it will stand, at the end; why there is none stands under the question. */
const placeOf = ({ questionId, failure }: StreamingAnswer, messages: ReadonlyMap<string, Message>): string =>
  failure && messages.has(questionId) ? questionId : theEnd

/** One stop of Tab in the whole list: the line last looked at, else the newest. Up and down go on from there. */
function useArrows(messages: readonly Message[]) {
  const [last, setLast] = useState<string | null>(null)
  const stop = messages.some(message => message.id === last) ? last : messages.at(-1)?.id
  const rowOf = (element: EventTarget) => (element instanceof Element ? element.closest('[data-message]') : null)
  return {
    stop,
    onFocus: (event: FocusEvent) => setLast(rowOf(event.target)?.getAttribute('data-message') ?? null),
    onKeyDown(event: KeyboardEvent) {
      const row = rowOf(event.target)
      if (row !== event.target || (event.key !== 'ArrowUp' && event.key !== 'ArrowDown')) return
      const rows = [...event.currentTarget.querySelectorAll<HTMLElement>('[data-message]')]
      const next = rows[rows.indexOf(row as HTMLElement) + (event.key === 'ArrowUp' ? -1 : 1)]
      event.preventDefault()
      next?.focus()
    },
  }
}

function EmptyTalk() {
  const { write } = useDesk()
  const ask = (body: string) => () => write({ body, asking: true })
  return (
    <Notice
      small
      icon={MessagesSquare}
      title="Talk about the film, or to it"
      actions={
        <>
          <button type="button" className="button" onClick={ask('What is this about?')}>
            What is this about?
          </button>
          <button type="button" className="button" onClick={ask('What are the main points?')}>
            What are the main points?
          </button>
        </>
      }
    >
      Say something about a second, or ask: the answer comes from what is said in it, with the places to check.
    </Notice>
  )
}

/** Stays at the newest line, unless the reader has gone back to an older one. */
function useStickToEnd(scroller: RefObject<HTMLDivElement | null>, growth: string): void {
  const atEnd = useRef(true)
  useEffect(() => {
    const panel = scroller.current
    if (!panel) return
    const look = () => {
      atEnd.current = panel.scrollHeight - panel.scrollTop - panel.clientHeight < 80
    }
    panel.addEventListener('scroll', look, { passive: true })
    return () => panel.removeEventListener('scroll', look)
  }, [scroller])
  // biome-ignore lint/correctness/useExhaustiveDependencies: whenever the talk has grown
  useLayoutEffect(() => {
    const panel = scroller.current
    if (panel && atEnd.current) panel.scrollTop = panel.scrollHeight
  }, [growth, scroller])
}

/** Earlier lines that come in above do not push away what is being read. */
function useStayAtLine(scroller: RefObject<HTMLElement | null>, first: string | undefined): void {
  const before = useRef({ first, height: 0 })
  useLayoutEffect(() => {
    const panel = scroller.current
    if (!panel) return
    const { first: firstBefore, height } = before.current
    if (firstBefore !== undefined && first !== firstBefore) panel.scrollTop += panel.scrollHeight - height
    before.current = { first, height: panel.scrollHeight }
  })
}

/** Brings the message that the timeline points at into view. */
function usePointedMessage(scroller: RefObject<HTMLDivElement | null>): void {
  const { pointed } = useDesk()
  useEffect(() => {
    if (pointed === null) return
    const row = scroller.current?.querySelector<HTMLElement>(`[data-message="${CSS.escape(pointed)}"]`)
    const panel = scroller.current
    if (row && panel) panel.scrollTop += row.getBoundingClientRect().top - panel.getBoundingClientRect().top - 80
  }, [pointed, scroller])
}
