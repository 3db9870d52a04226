import { type NumberLanguage, numbersIn } from './numbers.ts'
import { besideHangul, plainWords, unspaced, withoutUnseen } from './plain-text.ts'

/**
 * Under what else a text can be found than its plain words: one thing has several spellings. A film is indexed under all
 * of them, and a query is looked for by all of its own, so that either side may have any.
 */
export function otherSpellings(text: string, numbersIn: readonly NumberLanguage[]): string[] {
  const numbers = numbersIn.flatMap(language => digitsIn(plainWords(text), language))
  return [...new Set([...compoundsIn(text).flatMap(spellingsOf), ...numbers, ...spacedThousands(text)])]
}

/** “1 500” */
const spacedThousands = (text: string): string[] =>
  (text.match(/(?<!\p{N}|\p{N}[ .,])\p{N}{1,3}(?: \p{N}{3})+(?![ .,]?\p{N})/gu) ?? []).map(each =>
    each.replaceAll(' ', ''),
  )

const digitsIn = (words: readonly string[], language: NumberLanguage): string[] =>
  numbersIn(words, language).map(({ digits }) => digits)

const apostrophes = "'’‘ʼ`´"
/** Also the non-joiner of Persian. */
const joints = `(?:[-‐‑._${apostrophes}]|\\u200c+)`
const letter = '[\\p{L}\\p{N}\\p{M}]'
/** “Wi-Fi”, “Node.js”, “l’école”, “1,500”: written as one, said as one or as several. */
const compoundShape = new RegExp(
  `${letter}+(?:(?:${joints}|(?<=\\p{N})[,\\u00a0\\u202f](?=\\p{N}{3}))${letter}+)*`,
  'gu',
)
const mostParts = 4

export const compoundsIn = (text: string): string[] =>
  (withoutUnseen(text).match(compoundShape) ?? []).flatMap(besideHangul)

/** Most words: no joint, no digit and no letter in them that is written in another way. */
const oneSpelling = /^[a-z]+$/i

/** The other spellings of one compound; none for most words. */
export function spellingsOf(compound: string): string[] {
  if (oneSpelling.test(compound)) return []
  const own = plainWords(compound)
  const found = [
    joined(compound),
    ...withoutElision(compound),
    ...withFoldedLetters(compound),
    ordinal(compound),
    lettersAndDigits(compound),
  ]
  return [...new Set(found.filter(each => each !== null))].filter(each => each !== '' && own.join(' ') !== each)
}

const thousands = /^\p{N}{1,3}([.,\u00a0\u202f'’]\p{N}{3})+$/u
const decimal = /\p{N}[.,]\p{N}/u

/** Without what joins its parts: “wifi”, “1500”; not of decimals. */
function joined(compound: string): string | null {
  if (unspaced.test(compound)) return null
  const parts = compound.split(/[^\p{L}\p{N}\p{M}]/u)
  const isOne = thousands.test(compound) || (parts.length <= mostParts && !decimal.test(compound))
  return parts.length > 1 && isOne ? plainWords(parts.join('')).join('') : null
}

/** “covid19” is said as two. */
function lettersAndDigits(compound: string): string | null {
  const [, letters, digits] = /^(\p{L}{2,})(\d+)$/u.exec(compound) ?? []
  return letters && digits ? `${plainWords(letters).join('')} ${digits}` : null
}

/** “21st” is the twenty-first. */
const ordinal = (compound: string): string | null => /^(\d+)(st|nd|rd|th)$/i.exec(compound)?.[1] ?? null

/** What English puts behind an apostrophe is no word, nor is what it leaves before one. */
const contraction = new RegExp(`[${apostrophes}](t|s|re|ve|ll|d|m)$`, 'iu')
const anyApostrophe = new RegExp(`[${apostrophes}]`, 'u')
const shortestPart = 3

/** “l’école” is about a school, “O’Brien” may be remembered as Brien, “İstanbul’da” is in Istanbul. */
const withoutElision = (compound: string): string[] =>
  compound.split(/[-‐‑._]/u).flatMap(word => {
    const parts = word.replace(contraction, '').split(anyApostrophe)
    return parts.length < 2 ? [] : parts.map(part => plainWords(part).join('')).filter(isLongEnough)
  })
const isLongEnough = (part: string): boolean => part.length >= shortestPart

const folds: readonly Readonly<Record<string, string>>[] = [
  { ä: 'ae', ö: 'oe', ü: 'ue', å: 'aa', ø: 'oe' },
  { æ: 'a', œ: 'e' },
  { æ: 'e' },
]

/** As people write them who have no key for a letter, beside what plain text makes of it. */
const withFoldedLetters = (compound: string): string[] => {
  const lower = compound.normalize('NFC').toLowerCase()
  return folds.flatMap(fold => {
    const folded = lower.replace(/[äöüåøæœ]/g, each => fold[each] ?? each)
    return folded === lower ? [] : plainWords(folded)
  })
}

/** British and American; either may stand for the other where that makes a word that is said. */
const pairs: readonly [RegExp, string][] = [
  [/^(\p{L}{3,})our(|s|ed|ing|ful|ite|able|hood)$/u, '$1or$2'],
  [/^(\p{L}{3,})or(|s|ed|ing|ful|ite|able|hood)$/u, '$1our$2'],
  [/^(\p{L}+[tb])re(s?)$/u, '$1er$2'],
  [/^(\p{L}+[tb])er(s?)$/u, '$1re$2'],
  [/^(\p{L}{3,})is(e|es|ed|ing|er|ers|ation|ations)$/u, '$1iz$2'],
  [/^(\p{L}{3,})iz(e|es|ed|ing|er|ers|ation|ations)$/u, '$1is$2'],
  [/^(\p{L}+)ys(e|es|ed|ing|er|ers)$/u, '$1yz$2'],
  [/^(\p{L}+)yz(e|es|ed|ing|er|ers)$/u, '$1ys$2'],
  [/^(\p{L}{3,})ogue(s?)$/u, '$1og$2'],
  [/^(\p{L}{3,})og(s?)$/u, '$1ogue$2'],
  [/^(\p{L}+)ence(s?)$/u, '$1ense$2'],
  [/^(\p{L}+)ense(s?)$/u, '$1ence$2'],
  [/^(\p{L}{3,})ll(ed|ing|er|ers)$/u, '$1l$2'],
  [/^(\p{L}{3,})l(ed|ing|er|ers)$/u, '$1ll$2'],
  [/^gray(s?)$/u, 'grey$1'],
  [/^grey(s?)$/u, 'gray$1'],
  [/^program(s?)$/u, 'programme$1'],
  [/^programme(s?)$/u, 'program$1'],
]

export const acrossTheOcean = (word: string): string[] =>
  pairs.flatMap(([shape, other]) => (shape.test(word) ? [word.replace(shape, other)] : []))
