import { useMemo } from 'react'
import type { Message } from '../../../../client-sdk/src/index.ts'
import { cutAtMentions } from './mentions.ts'
import { useTalk } from './talk-context.ts'
import { TimedText } from './timed-text.tsx'

/** What someone said: time codes are links, names that are spoken to stand out. */
export function MessageText({ message: { body, mentions } }: { message: Pick<Message, 'body' | 'mentions'> }) {
  const { people, memberId } = useTalk()
  const pieces = useMemo(() => {
    const meant = mentions.flatMap(id => ({ id, name: people.get(id) ?? '' })).filter(({ name }) => name !== '')
    return cutAtMentions(body, meant)
  }, [body, mentions, people])
  return pieces.map(({ at, text, id }) =>
    id === null ? (
      <TimedText key={at} text={text} />
    ) : (
      <span key={at} className="mention" data-me={id === memberId}>
        {text}
      </span>
    ),
  )
}
