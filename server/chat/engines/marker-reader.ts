import { readMarker } from './markers.ts'

const bracketed = /( ?)([[【])([^[\]【】\n]{1,60})[\]】]/g
/** The end of a text that may become a marker with what comes next. */
const unfinished = / ?(?:[[【][^[\]【】\n]{0,60})?$/

/**
 * Turns the markers of a streamed text (`[2]`, `[1, 3]`, `[1-3]`, `【2】`, `[excerpt 2]`, …) into what `show` gives for
 * each number, wherever the stream cuts them. A number for which it gives nothing is dropped. A time that the model wrote
 * itself stands in round brackets: nobody has checked it, and it does not look as if.
 */
export function createMarkerReader(show: (number: number) => string | undefined) {
  let held = ''

  const replace = (text: string): string =>
    text.replace(bracketed, (all: string, space: string, _bracket: string, inside: string) => {
      const marker = readMarker(inside)
      if (marker === null) return all
      if (marker.kind === 'time') return `${space}(${inside.trim()})`
      const shown = [...new Set(marker.numbers)].flatMap(number => show(number) ?? [])
      return shown.length > 0 ? space + shown.join(' ') : ''
    })

  return {
    /** What may be shown so far. */
    push(text: string): string {
      const ready = held + text
      const cut = unfinished.exec(ready)?.index ?? ready.length
      held = ready.slice(cut)
      return replace(ready.slice(0, cut))
    },
    /** The rest, when no more comes. */
    end(): string {
      const rest = held
      held = ''
      return rest
    },
  }
}
