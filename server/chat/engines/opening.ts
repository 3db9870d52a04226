import { isVisible } from '../../../shared/index.ts'

export interface Opening {
  /** What may be shown of it: nothing before something is said. */
  push(text: string): string
  readonly isOver: boolean
}

/** Marks and blanks, seen or not, are no answer. */
const saysSomething = (text: string): boolean => isVisible(text.replace(/\p{P}/gu, ''))

/** Holds back the beginning of a streamed text until it says something. */
export function createOpening(): Opening {
  let held = ''
  let isOver = false
  return {
    get isOver() {
      return isOver
    },
    push(text) {
      if (isOver) return text
      held += text
      isOver = saysSomething(held)
      return isOver ? held.trimStart() : ''
    },
  }
}
