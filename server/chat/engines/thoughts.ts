const tag = '(?:[a-z]{1,12}:)?(?:think|thinking|thoughts?|reasoning|analysis|reflections?|scratchpad)\\s*'
/** What models put around what they think aloud: most of them, Kimi, Magistral, gpt-oss, Sky-T1, Cohere. */
const opening = new RegExp(
  `<${tag}>|<\\|(?:${tag}|begin_of_thought|start_thinking)\\|>|◁think▷|\\[think\\]|(?:<\\|start\\|>\\s*assistant\\s*)?<\\|channel\\|>`,
  'i',
)
/** gpt-oss thinks in all its channels but the last. */
const finalChannel = '(?<=<\\|channel\\|>\\s*|^\\s*)final\\s*(?:<\\|constrain\\|>\\w*\\s*)?<\\|message\\|>'
const closing = new RegExp(
  `<\\/${tag}>|<\\|(?:\\/${tag}|end_of_thought|end_thinking)\\|>|◁\\/think▷|\\[\\/think\\]|${finalChannel}`,
  'i',
)
/** Around what is said, it says nothing. */
const around = /<\|(?:end|return|(?:begin|end)_of_solution|(?:start|end)_response)\|>/gi
const longestTag = 60
/** The end of a text that may become a tag with what comes next. */
const unfinished =
  /(?:<\|start\|>\s*[a-z]{0,9}\s*(?:<\|?[a-z]{0,7}\|?)?|<\|?\/?[a-z:_]{0,24}\s{0,3}\|?|◁\/?[a-z]{0,5}|\[\/?[a-z]{0,5})$/i

/** Of a thought in the middle of a text so much is kept, should it turn out to be none. */
const mostDoubtful = 8_000

export interface Thoughts {
  /** What may be shown of it. `isAnew`: all that was shown before was thought aloud, and is void. */
  push(text: string): { text: string; isAnew: boolean }
  /** The rest, when no more comes. `isCut`: more would have come. */
  end(isCut: boolean): string
}

/**
 * Keeps from a streamed text what a model thinks aloud, wherever the stream cuts it. Where only the end of a thought is
 * marked (its beginning was put into the model's mouth), what came before was it. A thought that begins in the middle of
 * a line and never ends is none, unless the text is cut: the text speaks of the tag.
 */
export function createThoughts(): Thoughts {
  let held = ''
  let isThinking = false
  /** What was said before the thought, on its line; it is shown if that turns out to be none. */
  let line = ''
  let doubtful = ''
  /** Tags within a thought: what it speaks of, or thoughts of their own, whose ends come when it has ended. */
  let nested = 0
  let hasThought = false

  const doubt = (length: number) => {
    if (line !== '') doubtful = (doubtful + held.slice(0, length)).slice(0, mostDoubtful + 1)
    held = held.slice(length)
  }
  const takeThought = (): boolean => {
    const [start, end] = [opening.exec(held), closing.exec(held)]
    if (start && (!end || start.index < end.index)) {
      nested++
      doubt(start.index + start[0].length)
      return true
    }
    if (!end) {
      doubt(Math.max(0, held.length - longestTag))
      return false
    }
    held = held.slice(end.index + end[0].length)
    isThinking = false
    hasThought = true
    doubtful = ''
    return true
  }
  const speak = (text: string): string => {
    line = (line + text).slice((line + text).lastIndexOf('\n') + 1).trimStart()
    return text
  }
  const takeText = (): { text: string; isAnew: boolean; isMore: boolean } => {
    held = held.replace(around, '')
    const [start, end] = [opening.exec(held), closing.exec(held)]
    if (end && (!start || end.index < start.index)) {
      const isStray = hasThought && nested === 0
      const text = isStray ? speak(held.slice(0, end.index)) : ''
      held = held.slice(end.index + end[0].length)
      if (isStray) return { text, isAnew: false, isMore: true }
      nested = Math.max(0, nested - 1)
      hasThought = true
      line = ''
      return { text, isAnew: true, isMore: true }
    }
    if (start) {
      const text = speak(held.slice(0, start.index))
      if (line !== '') doubtful = start[0]
      held = held.slice(start.index + start[0].length)
      isThinking = true
      nested = 0
      return { text, isAnew: false, isMore: true }
    }
    const text = speak(held.slice(0, unfinished.exec(held)?.index))
    held = held.slice(text.length)
    return { text, isAnew: false, isMore: false }
  }

  return {
    push(given) {
      held += given
      let text = ''
      let isAnew = false
      for (let isMore = true; isMore; ) {
        if (isThinking) {
          isMore = takeThought()
          continue
        }
        const taken = takeText()
        text = taken.isAnew ? '' : text + taken.text
        isAnew ||= taken.isAnew
        isMore = taken.isMore
      }
      return { text, isAnew }
    },
    end(isCut) {
      if (!isThinking) return held
      const isNone = !isCut && doubtful !== '' && doubtful.length <= mostDoubtful
      return isNone ? doubtful + held : ''
    },
  }
}
