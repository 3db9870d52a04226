import { readMarker } from './markers.ts'

/** Nothing longer is a marker. */
const longest = 60
/** With markers inside, which may be read first. */
const mostHeld = 4 * longest
/** Stand for the brackets of what was checked, until all is read: no text has noncharacters. */
const [checked, unchecked] = ['\ufdd0', '\ufdd1']
const nonCharacters = /[\ufdd0\ufdd1]/g

const bracketed = new RegExp(String.raw`( ?)\\?[[【［]([^[\]【】［］\n]{1,${mostHeld}}?)\\?[\]】］]`, 'g')
const shownMarker = new RegExp(`${checked}[^${unchecked}]*${unchecked}`, 'g')

/**
 * Turns the markers of a streamed text (`[2]`, `[1, 3]`, `[1-3]`, `【2】`, `[excerpt 2]`, …) into what `show` gives for
 * each number, in square brackets, wherever the stream cuts them. A number for which it gives nothing is dropped. A time
 * that the model wrote itself stands in round brackets: nobody has checked it, and it does not look as if.
 */
export function createMarkerReader(show: (number: number) => string | undefined) {
  let held = ''

  const readOne = (all: string, space: string, inside: string): string => {
    const own = inside.replace(shownMarker, '')
    // Brackets around markers.
    if (own !== inside && /^[\s,;&、]*$/.test(own)) return space + inside.trim()
    const marker = own.length > longest && own === inside ? null : readMarker(own)
    if (marker?.kind === 'time') return `${space}(${inside.trim()})`
    if (marker === null || own !== inside) return all
    const shown = [...new Set(marker.numbers)].flatMap(number => show(number) ?? [])
    return shown.length > 0 ? space + shown.map(each => checked + each + unchecked).join(' ') : ''
  }
  // A marker that is dropped may leave another one: `[0:42 [99]]`.
  const replace = (text: string): string => {
    let read = text
    for (let before = ''; before !== read; ) {
      before = read
      read = read.replace(bracketed, readOne)
    }
    return read.replaceAll(checked, '[').replaceAll(unchecked, ']')
  }

  return {
    /** What may be shown so far. */
    push(text: string): string {
      const ready = held + text.replace(nonCharacters, '')
      const cut = beginningOfMarker(ready)
      held = ready.slice(cut)
      return replace(ready.slice(0, cut))
    },
    /** The rest, when no more comes. */
    end(): string {
      const rest = held
      held = ''
      return replace(rest)
    },
  }
}

/** What is quoted may have times in square brackets too: nobody has checked those. */
export const timesInRound = (text: string): string =>
  text.replace(bracketed, (all: string, space: string, inside: string) =>
    readMarker(inside)?.kind === 'time' ? `${space}(${inside.trim()})` : all,
  )

/** Where the end of a text begins that may become a marker with what comes next. */
function beginningOfMarker(text: string): number {
  const open: number[] = []
  for (const { 0: sign, index } of text.matchAll(/[[【［\]】］\n]/g)) {
    if (sign === '\n') open.length = 0
    else if (/[[【［]/.test(sign)) open.push(index)
    else open.pop()
  }
  const first = open.find(index => text.length - index <= mostHeld) ?? text.length
  return text.slice(0, first).search(/ ?\\?$/)
}
