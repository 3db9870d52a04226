import { Clock, Reply, SendHorizontal, Sparkles, X } from 'lucide-react'
import { type KeyboardEvent, type RefObject, useState } from 'react'
import { flushSync } from 'react-dom'
import { type Message, timeCode } from '../../../../client-sdk/src/index.ts'
import type { Asking, Messages } from '../../../../client-sdk/src/react/index.ts'
import { useDesk } from '../desk.ts'
import { usePlaybackValue } from '../playback.ts'
import { placeWords } from '../spans.ts'
import type { Me } from '../use-name.ts'
import { MentionField } from './mention-field.tsx'
import { mentionsIn } from './mentions.ts'
import { NameForm } from './name-form.tsx'
import { useTalk } from './talk-context.ts'
import { titleOf } from './title.ts'
import { type DraftState, useDraft } from './use-draft.ts'

interface ComposerProps {
  me: Me
  messages: readonly Message[]
  send: Messages['send']
  ask: Asking['ask']
  inputRef: RefObject<HTMLTextAreaElement | null>
}

export function Composer(props: ComposerProps) {
  const { me, messages, inputRef } = props
  const draft = useDraft(inputRef)
  const { replying, reply, edit } = useDesk()
  const { memberId } = useTalk()
  const [naming, setNaming] = useState(false)
  const replied = messages.find(message => message.id === replying)
  const { say, speakTo } = useSaying(props, draft, replied)

  const submit = () => {
    if (draft.body === '') return
    if (me.name === null) setNaming(true)
    else say(me.name)
  }
  const onKeyDown = (event: KeyboardEvent) => {
    // Enter that ends a composition chooses a word; it does not send.
    if (event.nativeEvent.isComposing) return
    if (event.key === 'Enter' && !event.shiftKey) {
      event.preventDefault()
      submit()
    }
    if (event.key === 'Escape') {
      if (replying === null) inputRef.current?.blur()
      reply(null)
    }
    const mine = messages.findLast(message => message.kind === 'message' && message.authorId === memberId)
    if (event.key !== 'ArrowUp' || draft.text !== '' || memberId === null || !mine) return
    event.preventDefault()
    edit(mine.id)
  }
  if (naming) {
    // Drawn at once: the field is there again to take the focus.
    const close = () => flushSync(() => setNaming(false))
    const named = (name: string) => {
      close()
      me.onName(name)
      say(name)
    }
    const cancel = () => {
      close()
      inputRef.current?.focus()
    }
    return <NameForm onName={named} onCancel={cancel} />
  }
  return (
    <form
      className="composer"
      data-asking={draft.asking}
      onSubmit={event => {
        event.preventDefault()
        submit()
      }}
    >
      {replied && !draft.asking ? <ReplyingTo message={replied} onCancel={() => reply(null)} /> : null}
      <MentionField
        inputRef={inputRef}
        label={draft.asking ? 'Your question to the film' : 'Your message'}
        placeholder={draft.asking ? 'Ask the film…' : 'Say something, or ? to ask the film'}
        value={draft.text}
        onChange={draft.setText}
        onKeyDown={onKeyDown}
        onMention={speakTo}
      />
      <ComposerRow draft={draft} />
    </form>
  )
}

/** Sends what is written, or asks it, and empties the field. */
function useSaying({ send, ask, inputRef }: ComposerProps, draft: DraftState, replied: Message | undefined) {
  const { reply } = useDesk()
  const { people } = useTalk()
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set())
  const say = (author: string) => {
    const { body } = draft
    const everyone = [...people].map(([id, name]) => ({ id, name }))
    if (draft.asking) ask({ body, author, ...draft.place() })
    else send({ body, author, ...draft.place(), replyTo: replied?.id, mentions: mentionsIn(body, everyone, chosen) })
    draft.clear()
    setChosen(new Set())
    reply(null)
    inputRef.current?.focus()
  }
  return { say, speakTo: (id: string) => setChosen(new Set([...chosen, id])) }
}

function ReplyingTo({ message, onCancel }: { message: Message; onCancel: () => void }) {
  return (
    <p className="replying">
      <Reply size={14} aria-hidden="true" />
      <span>
        To <b>{titleOf(message)}</b>: {message.body}
      </span>
      <button type="button" className="icon-button" aria-label="Don’t reply" onClick={onCancel}>
        <X size={14} />
      </button>
    </p>
  )
}

function ComposerRow({ draft }: { draft: DraftState }) {
  const { span, timed, asking } = draft
  return (
    <div className="composer-row">
      <button type="button" className="toggle" aria-pressed={timed} onClick={draft.toggleTimed}>
        <Clock size={14} aria-hidden="true" />
        {span ? (
          placeWords(span.startSeconds, span.endSeconds)
        ) : (
          <>
            at <AtSeconds held={draft.heldSeconds} />
          </>
        )}
      </button>
      <button type="button" className="toggle" aria-pressed={asking} onClick={draft.toggleAsking}>
        <Sparkles size={14} aria-hidden="true" />
        Ask
      </button>
      <button type="submit" className="send-button" aria-label={asking ? 'Ask' : 'Send'} disabled={draft.body === ''}>
        <SendHorizontal size={16} />
      </button>
    </div>
  )
}

/** The film's second, or the one held since the typing began. */
function AtSeconds({ held }: { held: number | null }) {
  const second = usePlaybackValue(now => Math.floor(now.seconds))
  return <>{timeCode(held ?? second)}</>
}
