import { messageOf } from '../errors.ts'
import type { Log } from '../log.ts'

/** What one server tells the others in one turn of its event loop. */
export interface Letter {
  from: string
  messages: [kind: string, payload: object][]
}

/** Null for what is no letter: whoever can reach Redis may write to its channels. */
export function readLetter(text: string): Letter | null {
  try {
    const letter: unknown = JSON.parse(text)
    return isLetter(letter) ? letter : null
  } catch {
    return null
  }
}

function isLetter(letter: unknown): letter is Letter {
  const { from, messages } = (letter ?? {}) as Partial<Letter>
  return typeof from === 'string' && Array.isArray(messages) && messages.every(isMessage)
}

const isMessage = (message: unknown): boolean =>
  Array.isArray(message) &&
  typeof message[0] === 'string' &&
  typeof message[1] === 'object' &&
  message[1] !== null &&
  !Array.isArray(message[1])

type Listener = (payload: never, from: string) => void

/** Who wants which kind of message. What one of them can't read harms neither the others nor the next message. */
export function createBusListeners(log: Log) {
  const listeners = new Map<string, Set<Listener>>()
  const unread = new Set<string>()

  const failed = (kind: string, fault: unknown) => {
    // Once a kind: whoever sends one may send a million.
    if (!unread.has(kind)) log.warn({ kind, reason: messageOf(fault) }, 'what came over Redis could not be read')
    unread.add(kind)
  }
  return {
    on(kind: string, listener: Listener): () => void {
      const ofKind = listeners.get(kind) ?? new Set()
      listeners.set(kind, ofKind.add(listener))
      return () => void ofKind.delete(listener)
    },
    tell({ from, messages }: Letter): void {
      for (const [kind, payload] of messages)
        for (const listener of listeners.get(kind) ?? []) {
          try {
            listener(payload as never, from)
          } catch (fault) {
            failed(kind, fault)
          }
        }
    },
  }
}
