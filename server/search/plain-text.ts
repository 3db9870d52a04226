/** Scripts that put no spaces between words, with the marks that they share. */
const noSpaces = '\\p{scx=Han}\\p{scx=Hiragana}\\p{scx=Katakana}\\p{scx=Thai}\\p{scx=Lao}\\p{scx=Khmer}\\p{scx=Myanmar}'
export const unspaced = new RegExp(`[${noSpaces}]`, 'u')
const wordShape = /[\p{L}\p{N}][\p{L}\p{N}\p{M}]*/gu
/** A character of such a script, or a run of others: “AIで” is two. */
const pieceShape = new RegExp(`[${noSpaces}]\\p{M}*|(?:(?![${noSpaces}])[\\p{L}\\p{N}\\p{M}])+`, 'gu')
const stretchShape = new RegExp(`(?:[${noSpaces}]\\p{M}*)+|(?:(?![${noSpaces}])[\\p{L}\\p{N}\\p{M}])+`, 'gu')

/**
 * What nobody sees: hyphens for the end of a line, joiners, directions, variants. Two of them part words in some scripts,
 * and stay there: a space without width where others have none, and the non-joiner of Arabic letters, as in Persian.
 */
const unseen = new RegExp(
  [
    '(?![\\u200b\\u200c])\\p{Default_Ignorable_Code_Point}',
    `(?<![${noSpaces}])\\u200b(?![${noSpaces}])`,
    '(?<!\\p{scx=Arabic})\\u200c(?!\\p{scx=Arabic})',
  ].join('|'),
  'gu',
)

/** A text as whoever reads it would type it. */
export const withoutUnseen = (text: string): string => text.replace(unseen, '')

/**
 * What two texts have in common when they say the same: lower case, no accents, no vowel marks, no apostrophes, no other
 * marks. Where a script has no spaces every character counts as a word, so that any part of a sentence can be found as
 * a phrase.
 */
export const plainWords = (text: string): string[] =>
  (simplify(text).match(wordShape) ?? [])
    .flatMap(word => (unspaced.test(word) ? (word.match(pieceShape) ?? []) : word))
    .flatMap(besideHangul)

/** “AI를” is a word with a particle, “2024년” a number with its unit: a border between Hangul and others parts words. */
export const besideHangul = (word: string): string[] => (hangul.test(word) ? word.split(hangulBorder) : [word])
const hangul = /\p{sc=Hangul}/u
const hangulBorder =
  /(?<=\p{sc=Hangul}\p{M}*)(?=[^\p{sc=Hangul}\p{M}])|(?<=[^\p{sc=Hangul}\p{M}]\p{M}*)(?=\p{sc=Hangul})/u

/** A picture letter, where a text has one: it is no word, but may be all that is searched for. */
export const pictureIn = (text: string): string | null => /\p{Extended_Pictographic}/u.exec(text)?.[0] ?? null

/** Words with a space on both sides of each, also of the first and the last: ` one phrase ` is then found as it stands. */
export const spaced = (words: readonly string[]): string => (words.length === 0 ? '' : ` ${words.join(' ')} `)

/** As a dictionary cuts a word: where a script has no spaces, each part is a phrase of its characters. */
export const dictionaryWords = (word: string): string[] =>
  plainStretches(word).flatMap(stretch =>
    unspaced.test(stretch) ? cut(stretch).map(part => plainWords(part).join(' ')) : [stretch],
  )

const plainStretches = (word: string): string[] =>
  (simplify(word).match(wordShape) ?? []).flatMap(each => each.match(stretchShape) ?? [])

const cut = (text: string): string[] =>
  [...new Intl.Segmenter(undefined, { granularity: 'word' }).segment(text)].map(({ segment }) => segment)

/** Letters that no decomposition takes apart, as who has no key for them types them. */
const letters: Readonly<Record<string, string>> = {
  ...{ ß: 'ss', œ: 'oe', æ: 'ae', ø: 'o', ł: 'l', đ: 'd', ð: 'd', þ: 'th', ħ: 'h', ı: 'i', ς: 'σ' },
}
const otherLetters = new RegExp(`[${Object.keys(letters).join('')}]`, 'g')
/** Accents but the one that makes й another letter; the points of Hebrew; the vowel marks, hamzas and stretches of Arabic. */
const leftOut =
  /[\u0300-\u0305\u0307-\u036f]|(?<![иИ])\u0306|[\u0591-\u05c7\u0610-\u061a\u0640\u064b-\u065f\u0670\u06d6-\u06ed]|['’‘ʼ`´]/g

const simplify = (text: string): string =>
  withoutUnseen(text.normalize('NFKD'))
    .replace(leftOut, '')
    .normalize('NFC')
    .toLowerCase()
    // Lower case itself gives a dotted i.
    .replaceAll('i\u0307', 'i')
    .replace(otherLetters, letter => letters[letter] ?? letter)
