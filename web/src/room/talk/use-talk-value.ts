import { type RefObject, useMemo } from 'react'
import type { Message } from '../../../../client-sdk/src/index.ts'
import { type Asking, type Messages, useOthers, useRoom } from '../../../../client-sdk/src/react/index.ts'
import { toastMs, useToast } from '../../ui/toasts.tsx'
import type { Talk } from './talk-context.ts'

const nouns = { message: 'Message', question: 'Question', answer: 'Answer' } as const

interface TalkValueOptions {
  talk: Messages
  asking: Asking
  /** Where the focus goes that has lost its place. */
  composer: RefObject<HTMLElement | null>
}

/** What was done here and refused is said, and is as it was before. */
export function useTalkValue({ talk, asking, composer }: TalkValueOptions): Talk {
  const { messages, react, edit, remove } = talk
  const { cancel, retry } = asking
  const say = useToast()
  const { memberId } = useRoom()
  const people = usePeople(messages)
  return useMemo(() => {
    const orSay = (what: string) => (fault: unknown) =>
      say(`${what} ${fault instanceof Error ? fault.message : String(fault)}`)
    return {
      memberId,
      people,
      react: (id, emoji) => void react(id, emoji).catch(orSay('The reaction was not kept.')),
      edit: (id, body, mentions) => void edit(id, { body, mentions }).catch(orSay('The change was not kept.')),
      remove({ id, kind }) {
        leaveRow(id, composer.current)
        const removal = remove(id, { undoMs: toastMs })
        const undo = () => {
          removal.undo()
          composer.current?.focus()
        }
        say(`${nouns[kind]} deleted.`, { label: 'Undo', onAction: undo })
        removal.done.catch(orSay('It was not deleted.'))
      },
      retryAnswer: id => void retry(id).catch(orSay('It could not be asked again.')),
      cancelAnswer: id => void cancel(id).catch(orSay('It could not be cancelled.')),
    }
  }, [say, memberId, people, react, edit, remove, cancel, retry, composer])
}

/** The focus of a row that goes, passed to the row after it; after the last one comes the field. */
function leaveRow(messageId: string, composer: HTMLElement | null): void {
  const rows = [...document.querySelectorAll<HTMLElement>('.talk-list > [data-message]')]
  const at = rows.findIndex(row => row.dataset.message === messageId)
  if (rows[at]?.contains(document.activeElement)) (rows[at + 1] ?? composer)?.focus()
}

/** Who is here or has spoken. The same map until someone new does. */
function usePeople(messages: readonly Message[]): ReadonlyMap<string, string> {
  const here = useOthers(others => others.map(({ id, name }) => `${id} ${name}`))
  const spoke = useMemo(() => spokenIn(messages), [messages])
  const key = [...spoke, ...here].join('\n')
  return useMemo(() => {
    const pairs = key.split('\n').filter(Boolean)
    return new Map(pairs.map(pair => [pair.slice(0, pair.indexOf(' ')), pair.slice(pair.indexOf(' ') + 1)]))
  }, [key])
}

const spokenIn = (messages: readonly Message[]): Set<string> =>
  new Set(messages.flatMap(({ authorId, author }) => (authorId === null ? [] : `${authorId} ${author}`)))
