import { refuseInput } from './refuse-input.ts'
import { isStorable } from './text.ts'

/** No request has a use for half as many. Whoever walks a body by recursion, as zod and JSON do, can bear it. */
const mostLevels = 32

/** A member of the input, and the way to it. */
interface Place {
  value: unknown
  name: string
  within: Place | null
  level: number
}

/**
 * What came through a door, before anything else looks at it: no deeper than is good for whoever reads it, and every text
 * in it one that can be kept. Throws `request.invalid`. It walks without recursion, as depth is what it guards from.
 */
export function checkInput(input: unknown, part: string): void {
  const waiting: Place[] = [{ value: input, name: '', within: null, level: 1 }]
  for (let place = waiting.pop(); place; place = waiting.pop()) {
    const fault = faultAt(place)
    if (fault !== null) refuseInput(part, [{ path: pathTo(place), message: fault }])
    if (isContainer(place.value)) lookInto(place.value, place, waiting)
  }
}

/** The same bound for what other servers say: their texts are checked where they came in, or may be half of a pair. */
export function isTooDeep(input: unknown): boolean {
  let within = [input].filter(isContainer)
  for (let level = 1; within.length > 0; level++) {
    if (level > mostLevels) return true
    within = within.flatMap(each => Object.values(each).filter(isContainer))
  }
  return false
}

/** Most members are numbers and sound texts, which need no second look. */
function lookInto(members: object, within: Place, waiting: Place[]): void {
  for (const [name, value] of Object.entries(members)) {
    const isSound = typeof value === 'string' ? isStorable(value) : !isContainer(value)
    if (!isSound || !isStorable(name)) waiting.push({ value, name, within, level: within.level + 1 })
  }
}

function faultAt({ value, name, level }: Place): string | null {
  if (!isStorable(name)) return `the name of this member ${unkept}`
  if (typeof value === 'string') return isStorable(value) ? null : `this text ${unkept}`
  if (!isContainer(value)) return null
  if (ArrayBuffer.isView(value)) return 'bytes are not taken here'
  return level > mostLevels ? `more than ${mostLevels} levels within each other are not taken` : null
}

const unkept = 'has a NUL or half a character (a lone surrogate) in it, which can not be kept'
const isContainer = (value: unknown): value is object => typeof value === 'object' && value !== null

function pathTo(place: Place): string[] {
  const names: string[] = []
  for (let at: Place | null = place; at?.within; at = at.within) names.unshift(at.name)
  return names
}
