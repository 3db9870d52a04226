import './talk.css'
import { MessagesSquare } from 'lucide-react'
import { type RefObject, useEffect, useLayoutEffect, useMemo, useRef } from 'react'
import type { RoomHandle } from '../../../../client-sdk/src/react/index.ts'
import { Notice } from '../../ui/notice.tsx'
import { useDesk } from '../desk.ts'
import { Announcer } from './announcer.tsx'
import { Composer } from './composer.tsx'
import { MessageRow } from './message-row.tsx'
import { PendingRow } from './pending-row.tsx'
import { StreamingRow } from './streaming-row.tsx'
import { TypingLine } from './typing-line.tsx'

interface TalkPanelProps {
  room: RoomHandle
  name: string | null
  onName: (name: string) => void
  composer: RefObject<HTMLTextAreaElement | null>
}

export function TalkPanel({ room, name, onName, composer }: TalkPanelProps) {
  const { messages, pending, answers, typing } = room.state
  const scroller = useRef<HTMLDivElement>(null)
  const empty = messages.length + pending.length + answers.length === 0
  const streamed = answers.reduce((length, answer) => length + answer.text.length, 0)
  useStickToEnd(scroller, `${messages.length} ${pending.length} ${streamed}`)
  useStayAtLine(scroller, messages[0]?.id)
  usePointedMessage(scroller)
  const asked = useMemo(() => new Map(messages.map(message => [message.id as string, message])), [messages])

  return (
    <>
      {/* Scrolled by keys even when nothing in it can be pressed. */}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: see above */}
      <section className="scroller talk" ref={scroller} tabIndex={0} aria-label="What was said">
        {empty ? <EmptyTalk /> : null}
        {room.loadEarlier ? (
          <button type="button" className="button button-plain earlier" onClick={room.loadEarlier}>
            Show earlier
          </button>
        ) : null}
        <ol className="talk-list">
          {messages.map((message, position) => (
            <MessageRow
              key={message.id}
              message={message}
              before={messages[position - 1]}
              question={message.replyTo === null ? undefined : asked.get(message.replyTo)}
            />
          ))}
          {answers.map(answer => (
            <StreamingRow key={answer.answerId} answer={answer} />
          ))}
          {pending.map(item => (
            <PendingRow key={item.clientId} item={item} onRetry={room.retry} onDiscard={room.discard} />
          ))}
        </ol>
      </section>
      <TypingLine people={typing} />
      <Composer room={room} name={name} onName={onName} inputRef={composer} />
      <Announcer messages={messages} />
    </>
  )
}

function EmptyTalk() {
  const { write } = useDesk()
  const ask = (body: string) => () => write({ body, atSeconds: null, asking: true })
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
