import type { NumberLanguage } from '../../server/search/numbers.ts'

/** How people say a number from 0 to 9,999, each in its own ways. Null where a way has none for it. */
type Say = (value: number) => string | null

const list = (names: string): string[] => names.split(' ')
const tensOf = (value: number): number => Math.floor(value / 10)
const hundredsOf = (value: number): number => Math.floor(value / 100)

const english = list(
  'zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen',
)
const englishTens = list('- - twenty thirty forty fifty sixty seventy eighty ninety')
const english99 = (n: number): string =>
  n < 20 ? `${english[n]}` : `${englishTens[tensOf(n)]}${n % 10 ? `-${english[n % 10]}` : ''}`
function inEnglish(n: number, and: string): string {
  if (n < 100) return english99(n)
  if (n < 1000) return `${english[hundredsOf(n)]} hundred${n % 100 ? `${and} ${english99(n % 100)}` : ''}`
  const rest = n % 1000
  return `${english[Math.floor(n / 1000)]} thousand${rest ? `${rest < 100 ? and : ''} ${inEnglish(rest, and)}` : ''}`
}
const isYear = (n: number): boolean => n >= 1000 && hundredsOf(n) % 10 > 0
const inPairs: Say = n => (isYear(n) && n % 100 > 9 ? `${english99(hundredsOf(n))} ${english99(n % 100)}` : null)
const withOh: Say = n =>
  isYear(n) && n % 100 > 0 && n % 100 < 10 ? `${english99(hundredsOf(n))} oh ${english[n % 100]}` : null
const inHundreds: Say = n =>
  isYear(n) ? `${english99(hundredsOf(n))} hundred${n % 100 ? ` and ${english99(n % 100)}` : ''}` : null

const german = list(
  'null eins zwei drei vier fünf sechs sieben acht neun zehn elf zwölf dreizehn vierzehn fünfzehn sechzehn siebzehn achtzehn neunzehn',
)
const germanTens = list('- - zwanzig dreißig vierzig fünfzig sechzig siebzig achtzig neunzig')
const ein = (n: number): string => (n === 1 ? 'ein' : `${german[n]}`)
const german99 = (n: number): string =>
  n < 20 ? `${german[n]}` : `${n % 10 ? `${ein(n % 10)}und` : ''}${germanTens[tensOf(n)]}`
function inGerman(n: number, one = ein(1)): string {
  if (n < 100) return german99(n)
  const [size, name] = n < 1000 ? [100, 'hundert'] : [1000, 'tausend']
  const count = Math.floor(n / size)
  return `${count === 1 ? one : ein(count)}${name}${n % size ? inGerman(n % size) : ''}`
}
const germanYear: Say = n =>
  isYear(n) && n < 2000 ? `${german99(hundredsOf(n))}hundert${n % 100 ? german99(n % 100) : ''}` : null

const french = list(
  'zéro un deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize dix-sept dix-huit dix-neuf',
)
const frenchTens = list('- - vingt trente quarante cinquante soixante soixante quatre-vingt quatre-vingt')
function french99(n: number): string {
  if (n < 20) return `${french[n]}`
  if (n === 80) return 'quatre-vingts'
  const unit = [7, 9].includes(tensOf(n)) ? n % 20 : n % 10
  if (unit === 0) return `${frenchTens[tensOf(n)]}`
  return `${frenchTens[tensOf(n)]}${n < 80 && n % 10 === 1 ? ' et ' : '-'}${french[unit]}`
}
function inFrench(n: number): string {
  if (n < 100) return french99(n)
  const [size, name] = n < 1000 ? [100, 'cent'] : [1000, 'mille']
  const count = Math.floor(n / size)
  const many = size === 100 && count > 1 && n % 100 === 0 ? 's' : ''
  return `${count > 1 ? `${french[count]} ` : ''}${name}${many}${n % size ? ` ${inFrench(n % size)}` : ''}`
}
const inBelgium: Say = n => {
  const low = n % 100
  if (low < 70 || (low >= 80 && low < 90)) return null
  const unit = low % 10 === 1 ? ' et un' : low % 10 ? `-${french[low % 10]}` : ''
  return `${n > low ? `${inFrench(n - low)} ` : ''}${low < 80 ? 'septante' : 'nonante'}${unit}`
}

const spanish = list(
  'cero uno dos tres cuatro cinco seis siete ocho nueve diez once doce trece catorce quince dieciséis diecisiete dieciocho diecinueve veinte veintiuno veintidós veintitrés veinticuatro veinticinco veintiséis veintisiete veintiocho veintinueve',
)
const spanishTens = list('- - - treinta cuarenta cincuenta sesenta setenta ochenta noventa')
const spanishHundreds = list(
  '- ciento doscientos trescientos cuatrocientos quinientos seiscientos setecientos ochocientos novecientos',
)
function inSpanish(n: number): string {
  if (n < 30) return `${spanish[n]}`
  if (n < 100) return `${spanishTens[tensOf(n)]}${n % 10 ? ` y ${spanish[n % 10]}` : ''}`
  if (n === 100) return 'cien'
  if (n < 1000) return `${spanishHundreds[hundredsOf(n)]}${n % 100 ? ` ${inSpanish(n % 100)}` : ''}`
  const count = Math.floor(n / 1000)
  return `${count > 1 ? `${spanish[count]} ` : ''}mil${n % 1000 ? ` ${inSpanish(n % 1000)}` : ''}`
}
/** Of things that are feminine, and before a noun. */
const feminine: Say = n => inSpanish(n).replaceAll('ientos', 'ientas').replace(/uno$/, 'una')
const beforeNoun: Say = n => (n === 1 ? null : inSpanish(n).replace(/uno$/, 'un'))

export const sayings: [NumberLanguage, Record<string, Say>][] = [
  [
    'english',
    {
      ...{ British: n => inEnglish(n, ' and'), American: n => inEnglish(n, '') },
      ...{ 'in pairs': inPairs, 'with oh': withOh, 'in hundreds': inHundreds },
    },
  ],
  ['german', { 'as usual': n => inGerman(n), 'without its ein': n => inGerman(n, ''), 'as a year': germanYear }],
  ['french', { 'as usual': inFrench, 'with hyphens': n => inFrench(n).replaceAll(' ', '-'), 'in Belgium': inBelgium }],
  ['spanish', { 'as usual': inSpanish, feminine: n => (n === 1 ? null : feminine(n)), 'before a noun': beforeNoun }],
]

export const ordinals = list(
  'first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth',
)
