import { isVisible } from '../../../shared/index.ts'

export interface Opening {
  /** What may be shown of it: nothing before something is said, and no end of a line before the next one begins. */
  push(text: string): string
  readonly isOver: boolean
}

/** Marks and blanks, seen or not, are no answer. */
const saysSomething = (text: string): boolean => isVisible(text.replace(/\p{P}/gu, ''))

/** Holds back the beginning of a streamed text until it says something, and lines that may stay empty at its end. */
export function createOpening(): Opening {
  let held = ''
  let isOver = false
  return {
    get isOver() {
      return isOver
    },
    push(given) {
      const text = isOver ? held + given : (held + given).trimStart()
      isOver ||= saysSomething(text)
      const said = isOver ? text.trimEnd() : ''
      held = text.slice(said.length)
      if (!isOver || held.includes('\n')) return said
      held = ''
      return text
    },
  }
}
