import { createReadStream } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { plainWords } from './plain-text.ts'

/** Whether a language knows a word: then it is no slip, though nobody says it. */
export interface WordLists {
  /** `languages` are PostgreSQL's names; English is always asked, for its words are used in all. */
  knows(word: string, languages: readonly string[]): Promise<boolean>
}

interface Source {
  file: string
  locale: string
}
const sources: Readonly<Record<string, Source>> = {
  english: { file: 'an-array-of-english-words/index.json', locale: 'en' },
  german: { file: 'all-the-german-words/woerter.json', locale: 'de' },
  french: { file: 'an-array-of-french-words/index.json', locale: 'fr' },
  spanish: { file: 'an-array-of-spanish-words/index.json', locale: 'es' },
}
/** Of the others nobody here can tell a slip from a word. */
export const hasWordList = (language: string): boolean => language in sources

/** Each list is read when it is first needed, and kept as four bytes a word. */
export function createWordLists(): WordLists {
  const lists = new Map<string, Promise<Uint32Array[]>>()
  const listOf = (language: string): Promise<Uint32Array[]> | undefined => {
    const source = sources[language]
    if (source === undefined) return undefined
    const known = lists.get(language) ?? readList(source)
    lists.set(language, known)
    // Whoever asks next tries again.
    known.catch(() => lists.delete(language))
    return known
  }
  return {
    async knows(word, languages) {
      for (const language of new Set(['english', ...languages])) {
        const list = await listOf(language)
        const wanted = variantsOf(word, language).map(hashOf)
        if (list && wanted.some(each => list.some(piece => includes(piece, each)))) return true
      }
      return false
    },
  }
}

/** What a language makes of its words that no list has all of. */
const shorter: Readonly<Record<string, [RegExp, string]>> = {
  // “Kaese”
  german: [/([aou])e/g, '$1'],
  // “hacerlo”, “dígamelo”
  spanish: [/(?<=\p{L}{3})(?:me|te|se|nos)?(?:me|te|nos|l[aeo]s?)$/u, ''],
}

/** Also without an s that an apostrophe stood before. */
function variantsOf(word: string, language: string): string[] {
  const [shape, by] = shorter[language] ?? []
  return [word, word.replace(/(?<=\p{L}{3})s$/u, ''), ...(shape ? [word.replace(shape, by ?? '')] : [])]
}

/** Others have their turn between two pieces: a list is megabytes. Sorted by themselves, for sorting all takes long. */
const pieceBytes = 1 << 17

async function readList({ file, locale }: Source): Promise<Uint32Array[]> {
  const pieces = [sortedHashes([...newWords, ...namesIn(locale)].flatMap(plainWords))]
  let rest = ''
  const path = fileURLToPath(import.meta.resolve(file))
  for await (const chunk of createReadStream(path, { encoding: 'utf8', highWaterMark: pieceBytes })) {
    const words = (rest + chunk).split('"')
    rest = words.pop() ?? ''
    pieces.push(sortedHashes(words.filter(word => /\p{L}/u.test(word)).map(plain)))
  }
  return pieces
}

const plain = (word: string): string =>
  /^[a-z]+$/i.test(word) ? word.toLowerCase() : plainWords(word.normalize('NFC')).join(' ')
const sortedHashes = (words: readonly string[]): Uint32Array => Uint32Array.from(words, hashOf).sort()

/** Younger than the lists. */
const newWords = [
  'covid coronavirus lockdown selfie selfies emoji emojis hashtag hashtags bitcoin bitcoins blockchain crypto startup',
  'startups podcast podcasts smartphone smartphones wifi webinar webinars chatbot chatbots online email emails google',
  'googled youtube youtuber youtubers vlog vlogs tweet tweets facebook instagram twitter tiktok whatsapp netflix amazon',
  'microsoft wikipedia linkedin uber skype zoom iphone iphones android brexit crowdfunding influencer influencers england',
  'scotland wales login laptop laptops tablet tablets username website websites app apps screenshot screenshots internet',
].flatMap(line => line.split(' '))

/** Months, days, countries, continents, languages and great cities: word lists have no names. */
function namesIn(locale: string): string[] {
  const [regions, languages] = (['region', 'language'] as const).map(
    type => new Intl.DisplayNames(locale, { type, fallback: 'none' }),
  )
  const letters = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZ']
  const pairs = letters.flatMap(first => letters.map(second => first + second))
  const continents = ['002', '019', '142', '150', '009']
  // The months of this year begin on all seven days.
  const dates = Array.from({ length: 12 }, (_, at) => new Date(Date.UTC(2024, at)))
  const named = (date: Date) => date.toLocaleDateString(locale, { month: 'long', weekday: 'long', timeZone: 'UTC' })
  return [
    ...[...pairs, ...continents].map(code => regions?.of(code) ?? ''),
    ...pairs.map(code => languages?.of(code.toLowerCase()) ?? ''),
    ...dates.map(named),
    ...Intl.supportedValuesOf('timeZone').flatMap(zone => zone.split(/[/_]/)),
  ]
}

/** FNV-1a. Of two million words, one unknown word in some two thousand is taken for a known one, and stays as it was typed. */
function hashOf(word: string): number {
  let hash = 0x811c9dc5
  for (let at = 0; at < word.length; at++) hash = Math.imul(hash ^ word.charCodeAt(at), 0x01000193)
  return hash >>> 0
}

function includes(sorted: Uint32Array, wanted: number): boolean {
  let [low, high] = [0, sorted.length]
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((sorted[middle] ?? 0) < wanted) low = middle + 1
    else high = middle
  }
  return sorted[low] === wanted
}
