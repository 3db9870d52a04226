import type { KeyboardEvent } from 'react'
import type { Message } from '../../../../client-sdk/src/index.ts'
import { useDesk } from '../desk.ts'
import { useTalk } from './talk-context.ts'

/** R, E and Del, when the row itself has the focus; `ownerId` may change or remove what stands in it. */
export function useRowKeys(message: Message, ownerId: string | null) {
  const desk = useDesk()
  const { memberId, remove } = useTalk()
  const isMine = ownerId !== null && ownerId === memberId
  return (event: KeyboardEvent<HTMLElement>) => {
    if (event.target !== event.currentTarget || event.ctrlKey || event.metaKey || event.altKey) return
    const key = event.key.length === 1 ? event.key.toLowerCase() : event.key
    const act = {
      r: () => desk.reply(message.id),
      e: () => isMine && message.kind === 'message' && desk.edit(message.id),
      Delete: () => isMine && remove(message),
    }[key]
    if (!act) return
    event.preventDefault()
    act()
  }
}
