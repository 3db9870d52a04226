import { type NumberLanguage, numberLanguages } from './numbers.ts'
import { plainWords } from './plain-text.ts'

/** Those of PostgreSQL's text search configurations that 15 and the embedded one both have, by their codes. */
const configurations: Readonly<Record<string, string>> = {
  ...{ ar: 'arabic', ca: 'catalan', da: 'danish', de: 'german', el: 'greek', en: 'english', es: 'spanish' },
  ...{ eu: 'basque', fi: 'finnish', fr: 'french', ga: 'irish', hi: 'hindi', hu: 'hungarian', hy: 'armenian' },
  ...{ id: 'indonesian', it: 'italian', lt: 'lithuanian', nb: 'norwegian', ne: 'nepali', nl: 'dutch' },
  ...{ nn: 'norwegian', no: 'norwegian', pt: 'portuguese', ro: 'romanian', ru: 'russian', sr: 'serbian' },
  ...{ sv: 'swedish', ta: 'tamil', tr: 'turkish', yi: 'yiddish' },
}
/** Who speaks a language without a configuration uses English words more often than those of any other. */
const otherwise = 'english'

/** Words that come all the time in one language, and seldom in another. */
const frequent: Readonly<Record<string, string>> = {
  english: 'the of and to in is that it for you this with are have not what they we was be i',
  german: 'der die das und ist nicht ich sie ein wir zu den mit auch auf es eine haben fur dass',
  french: 'le la les des et est que je une dans pour pas ce qui vous nous il du au avec',
  spanish: 'el la los que y de en es un una por con para no se las del lo como pero',
  italian: 'il di che e la un per non sono una con del gli anche questo della lo piu come ma',
  portuguese: 'o que e de do da em um uma nao os para com as no na mais por isso voce',
  dutch: 'de het een en van ik dat is niet je we op te zijn met voor maar ook er aan',
  swedish: 'och att det som en jag ar pa inte vi har med av ett om den for sa men till',
  danish: 'og at det er jeg en ikke vi har til af med der for som et sa men pa den',
  norwegian: 'og at det er jeg en ikke vi har til av med som for et sa men pa den fra',
  turkish: 've bir bu da de icin ben ne cok var ama o gibi daha sen kadar mi olarak degil',
}
/** Most of whose letters are of one script, speaks this. */
const byScript: readonly [RegExp, string][] = [
  [/\p{sc=Cyrillic}/u, 'russian'],
  [/\p{sc=Arabic}/u, 'arabic'],
  [/\p{sc=Greek}/u, 'greek'],
  [/\p{sc=Devanagari}/u, 'hindi'],
  [/\p{sc=Armenian}/u, 'armenian'],
  [/\p{sc=Tamil}/u, 'tamil'],
]
const lists = Object.entries(frequent).map(([name, words]) => [name, new Set(words.split(' '))] as const)
/** Enough to tell; a day's recording need not be read whole. */
const wordsRead = 5000
/** Of one's own language's words, at least so many are among its most frequent. */
const leastShare = 0.1

/** By whose rules a film's words are brought to their stems: by its language's, or by what it seems to be in. */
export function stemmerOf(language: string, texts: readonly string[]): string {
  const code = language.toLowerCase().split(/[-_]/)[0] ?? ''
  if (code !== 'und' && code !== '') return configurations[code] ?? otherwise
  const words: string[] = []
  for (let at = 0; at < texts.length && words.length < wordsRead; at++) words.push(...plainWords(texts[at] ?? ''))
  const script = byScript.find(([letter]) => words.filter(word => letter.test(word)).length > words.length / 2)
  return script?.[1] ?? mostFrequent(words) ?? otherwise
}

function mostFrequent(words: readonly string[]): string | null {
  const counted = lists.map(([name, list]) => ({ name, count: words.filter(word => list.has(word)).length }))
  const best = counted.reduce((a, b) => (b.count > a.count ? b : a))
  return best.count >= leastShare * words.length ? best.name : null
}

/** In which languages' words its numbers may be said. */
export const numbersSpokenIn = (stemmer: string): NumberLanguage[] => {
  const own = numberLanguages.filter(language => language === stemmer)
  return own.length > 0 ? own : ['english']
}
