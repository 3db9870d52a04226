/** Near the end of what is kept nothing is shown before its sentence is whole, so that nothing need be taken back. */
const reserve = 600
/** An end of a sentence, with what stands behind it: quotes, brackets, markers of what it rests on. */
const sentenceEnd = /(?:[.!?…]+(?=["'”’)\]】\s[【]|$)|[。！？]+)["'”’)\]】]*(?:\s*[[【][^[\]【】]{1,40}[\]】])*\.?/gu

export interface LengthLimit {
  /** What may be shown of it. */
  push(text: string): string
  /** More came than is kept: nothing is taken any more. */
  readonly isFull: boolean
  /** The rest, when no more comes. */
  end(): string
}

/** Bounds a streamed text: one that is longer ends with a whole sentence, or with a word where there is none. */
export function createLengthLimit(mostCharacters: number): LengthLimit {
  let shown = 0
  let held = ''
  let isFull = false

  const show = (length: number): string => {
    const text = held.slice(0, length)
    held = held.slice(length)
    shown += text.length
    return text
  }
  return {
    get isFull() {
      return isFull
    },
    push(text) {
      if (isFull) return ''
      held += text
      const room = mostCharacters - shown
      if (held.length <= room - reserve) return show(held.length)
      if (held.length <= room) return show(lastSentence(held))
      isFull = true
      return show(lastSentence(held.slice(0, room)) || (shown > mostCharacters - reserve ? 0 : lastWord(held, room)))
    },
    end: () => (isFull ? '' : show(held.length)),
  }
}

/** Where the last sentence of a text ends; 0 where none does. */
function lastSentence(text: string): number {
  const last = [...text.matchAll(sentenceEnd)].at(-1)
  return last ? last.index + last[0].length : 0
}

/** No half of a character pair either. */
function lastWord(text: string, room: number): number {
  const space = text.slice(0, room).search(/\s\S*$/u)
  if (space > 0) return space
  return text.slice(0, room).isWellFormed() ? room : room - 1
}
