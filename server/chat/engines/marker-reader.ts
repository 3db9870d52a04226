const marker = /( ?)\[(\d{1,4}(?:\s*,\s*\d{1,4})*)\]/g
/** The end of a text that may become a marker with what comes next. */
const unfinished = / ?(?:\[[\d,\s]{0,40})?$/

/**
 * Turns the markers `[2]` or `[1, 3]` of a streamed text into what `show` gives for each number, wherever the stream
 * cuts them. A number for which it gives nothing is dropped.
 */
export function createMarkerReader(show: (number: number) => string | undefined) {
  let held = ''

  const replace = (text: string): string =>
    text.replace(marker, (_, space: string, numbers: string) => {
      const shown = numbers.split(',').flatMap(number => show(Number(number)) ?? [])
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
