import type { z } from 'zod'
import { isTooDeep } from '../check-input.ts'
import { AppError, messageOf } from '../errors.ts'
import type { Log } from '../log.ts'
import { refuseInput } from '../refuse-input.ts'

/** What one server tells the others in one turn of its event loop. */
export interface Letter {
  from: string
  messages: [kind: string, payload: object][]
}

/** The roster of 10,000 people is a tenth of it. What is longer would hold up everyone while it is read. */
const longestLetter = 16 * 1024 * 1024
const longestName = 100

/** Null for what is no letter: whoever can reach Redis may write to its channels. */
export function readLetter(text: string): Letter | null {
  if (text.length > longestLetter) return null
  try {
    const letter: unknown = JSON.parse(text)
    return isLetter(letter) ? letter : null
  } catch {
    return null
  }
}

function isLetter(letter: unknown): letter is Letter {
  const { from, messages } = (letter ?? {}) as Partial<Letter>
  return typeof from === 'string' && from.length <= longestName && Array.isArray(messages) && messages.every(isMessage)
}

const isMessage = (message: unknown): boolean =>
  Array.isArray(message) &&
  typeof message[0] === 'string' &&
  typeof message[1] === 'object' &&
  message[1] !== null &&
  !Array.isArray(message[1])

type Listener = (payload: object, from: string) => void

/**
 * Who wants which kind of message. What doesn't fit is dropped here, before anybody keeps it and meets it in a timer; and
 * what one listener can't bear harms neither the others nor the next message.
 */
export function createBusListeners(log: Log) {
  const listeners = new Map<string, Set<Listener>>()
  const unread = new Set<string>()

  const failed = (kind: string, fault: unknown) => {
    // Once a kind: whoever sends one may send a million.
    if (!unread.has(kind)) log.warn({ kind, reason: messageOf(fault) }, 'what came over Redis could not be read')
    unread.add(kind)
  }
  return {
    on<P extends object>(kind: string, schema: z.ZodType<P>, listener: (payload: P, from: string) => void): () => void {
      const ofKind = listeners.get(kind) ?? new Set()
      const hear: Listener = (payload, from) => listener(parsed(schema, payload, kind), from)
      listeners.set(kind, ofKind.add(hear))
      return () => void ofKind.delete(hear)
    },
    tell({ from, messages }: Letter): void {
      for (const [kind, payload] of messages)
        for (const listener of listeners.get(kind) ?? []) {
          try {
            listener(payload, from)
          } catch (fault) {
            failed(kind, fault)
          }
        }
    },
  }
}

function parsed<P extends object>(schema: z.ZodType<P>, payload: object, kind: string): P {
  if (isTooDeep(payload)) throw new AppError('request.invalid', `The ${kind} is too deep.`)
  const { success, data, error } = schema.safeParse(payload)
  return success ? data : refuseInput(kind, error.issues)
}
