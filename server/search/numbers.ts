/** Numbers from 0 to 9,999 in words, as digits. */

const ordinals = [
  'first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth fifteenth',
  'sixteenth seventeenth eighteenth nineteenth',
].join(' ')

export type NumberLanguage = 'english' | 'german' | 'french' | 'spanish'

interface Counting {
  words: ReadonlyMap<string, number>
  /** What may stand between two parts of one number. */
  and: string
  hundred: readonly string[]
  thousand: readonly string[]
  /** They count only as a part of a greater number: alone they are articles. */
  alone: readonly string[]
}

const from = (start: number, step: number, names: string): [string, number][] =>
  names.split(' ').map((name, at) => [name, start + at * step])

const counting: Record<NumberLanguage, Counting> = {
  english: {
    words: new Map([
      ...from(0, 1, 'zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen'),
      ...from(16, 1, 'sixteen seventeen eighteen nineteen'),
      ...from(20, 10, 'twenty thirty forty fifty sixty seventy eighty ninety'),
      ...from(1, 1, ordinals),
    ]),
    ...{ and: 'and', hundred: ['hundred'], thousand: ['thousand'], alone: [] },
  },
  german: {
    words: new Map([
      ...from(0, 1, 'null eins zwei drei vier funf sechs sieben acht neun zehn elf zwolf dreizehn vierzehn funfzehn'),
      ...from(16, 1, 'sechzehn siebzehn achtzehn neunzehn'),
      ...from(20, 10, 'zwanzig dreissig vierzig funfzig sechzig siebzig achtzig neunzig'),
      ...from(1, 0, 'ein eine'),
      ...from(2, 0, 'zwo'),
    ]),
    ...{ and: 'und', hundred: ['hundert'], thousand: ['tausend'], alone: ['ein', 'eine'] },
  },
  french: {
    words: new Map([
      ...from(0, 1, 'zero un deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize'),
      ...from(20, 10, 'vingt trente quarante cinquante soixante septante huitante nonante'),
      ...from(1, 0, 'une'),
      ...from(20, 0, 'vingts'),
    ]),
    ...{ and: 'et', hundred: ['cent', 'cents'], thousand: ['mille'], alone: ['un', 'une'] },
  },
  spanish: {
    words: new Map([
      ...from(0, 1, 'cero uno dos tres cuatro cinco seis siete ocho nueve diez once doce trece catorce quince'),
      ...from(16, 1, 'dieciseis diecisiete dieciocho diecinueve veinte veintiuno veintidos veintitres veinticuatro'),
      ...from(25, 1, 'veinticinco veintiseis veintisiete veintiocho veintinueve'),
      ...from(30, 10, 'treinta cuarenta cincuenta sesenta setenta ochenta noventa cien'),
      ...from(100, 100, 'ciento doscientos trescientos cuatrocientos quinientos seiscientos setecientos ochocientos'),
      ...from(200, 100, 'doscientas trescientas cuatrocientas quinientas seiscientas setecientas ochocientas'),
      ...from(900, 0, 'novecientos novecientas'),
      ...from(1, 0, 'un una'),
      ...from(21, 0, 'veintiun veintiuna'),
    ]),
    ...{ and: 'y', hundred: [], thousand: ['mil'], alone: ['un', 'una'] },
  },
}
export const numberLanguages = Object.keys(counting) as NumberLanguage[]

/** A number as it stands in a text: its digits, and the places of its first word and of the one after its last. */
export interface SpokenNumber {
  digits: string
  first: number
  end: number
}

/** The numbers that are said in words there, each as long as it can be. The words are plain, one part each. */
export function numbersIn(words: readonly string[], language: NumberLanguage): SpokenNumber[] {
  const found: SpokenNumber[] = []
  for (let first = 0; first < words.length; first++) {
    const year = language === 'english' ? yearAt(words, first, found.at(-1)) : null
    if (year) found.push(year)
    const number = numberAt(words, first, counting[language])
    if (number && number.digits !== null) found.push({ digits: number.digits, first, end: number.end })
    first = Math.max(first, (number?.end ?? 0) - 1)
  }
  return found
}

/** With what stands before it: “nineteen eighty-four”, “nineteen oh five”. */
function yearAt(words: readonly string[], at: number, before: SpokenNumber | undefined): SpokenNumber | null {
  if (before?.end !== at || before.digits.length !== 2) return null
  const isOh = words[at] === 'oh'
  const second = numberAt(words, isOh ? at + 1 : at, counting.english)
  const digits = `${isOh ? '0' : ''}${second?.digits}`
  return second && digits.length === 2 ? { digits: before.digits + digits, first: before.first, end: second.end } : null
}

/** In any language. */
export const saysNumber = (words: readonly string[]): boolean =>
  numberLanguages.some(language => numbersIn(words, language).length > 0)

/** Null where none begins. One that is greater than 9,999 has no digits, and no part of it is a number. */
function numberAt(
  words: readonly string[],
  first: number,
  language: Counting,
): { digits: string | null; end: number } | null {
  let sum: Sum = { thousands: 0, rest: 0, room: Number.POSITIVE_INFINITY }
  let end = first
  for (let at = first; at < words.length; at++) {
    if (words[at] === language.and && at > first) continue
    const steps = stepsOf(words[at] ?? '', language)
    const next = steps?.reduce<Sum | null>((before, step) => before && take(before, step, language), sum)
    if (!next) break
    sum = next
    end = at + 1
  }
  const value = sum.thousands + sum.rest
  const isAlone = end === first + 1
  if (end === first || (isAlone && language.alone.includes(words[first] ?? ''))) return null
  if (value > 9999) return { digits: null, end }
  return { digits: isAlone && isRank(words[first], language) ? `${value}${endingOf(value)}` : String(value), end }
}

/** “Third” is 3rd, but not 3. */
const ranks = ordinals.split(' ')
const isRank = (word = '', language: Counting): boolean => language === counting.english && ranks.includes(word)
const endingOf = (rank: number): string => ['', 'st', 'nd', 'rd'][rank] ?? 'th'

type Step = { add: number } | { times: number }

/** German writes a number as one word: it is read part by part. */
function stepsOf(word: string, language: Counting): Step[] | null {
  const step = stepOf(word, language)
  if (step) return [step]
  if (language !== counting.german || word.length > 60) return null
  return germanSteps(word.replaceAll('fuenf', 'funf').replaceAll('zwoelf', 'zwolf'))
}

function stepOf(word: string, { words, hundred, thousand }: Counting): Step | null {
  if (hundred.includes(word)) return { times: 100 }
  if (thousand.includes(word)) return { times: 1000 }
  const value = words.get(word)
  return value === undefined ? null : { add: value }
}

const germanPart = /^(.*?)(tausend|hundert)(?:und)?(.*)$/
function germanSteps(word: string): Step[] | null {
  if (word === '') return []
  const split = germanPart.exec(word)
  if (split) {
    const [, before = '', name, after = ''] = split
    const [left, right] = [germanSteps(before), germanSteps(after)]
    return left && right && [...left, { times: name === 'tausend' ? 1000 : 100 }, ...right]
  }
  const known = counting.german.words.get(word)
  if (known !== undefined) return [{ add: known }]
  const [, unit = '', tens = ''] = /^(\p{L}+?)und(\p{L}+zig|dreissig)$/u.exec(word) ?? []
  const [low, high] = [counting.german.words.get(unit), counting.german.words.get(tens)]
  return low === undefined || high === undefined ? null : [{ add: high + low }]
}

interface Sum {
  thousands: number
  rest: number
  /** What is added next must be less. */
  room: number
}

/** The parts of one number come in their order; null for what can't follow, and so belongs to the next number. */
function take({ thousands, rest, room }: Sum, step: Step, language: Counting): Sum | null {
  if ('times' in step && step.times === 1000) {
    return thousands > 0 ? null : { thousands: (rest || 1) * 1000, rest: 0, room: 1000 }
  }
  if ('times' in step) return rest >= 100 ? null : { thousands, rest: (rest || 1) * 100, room: 100 }
  const isFrench = language === counting.french
  // Four times twenty, with what follows.
  const isFourscore = isFrench && rest % 100 === 4 && step.add === 20
  if (step.add >= room && !isFourscore) return null
  // No more than these three begin with a ten.
  if (isFrench && rest % 100 === 10 && step.add < 7) return null
  const sum = rest + (isFourscore ? 76 : step.add)
  return { thousands, rest: sum, room: roomAfter(sum % 100, isFrench) }
}

/** After 20 comes at most 9; in French after 10 too, and after 60 and 80 at most 19. */
function roomAfter(value: number, isFrench: boolean): number {
  if (value === 0) return 100
  if (isFrench && (value === 60 || value === 80)) return 20
  return value % 10 === 0 && (isFrench || value >= 20) ? 10 : 0
}
