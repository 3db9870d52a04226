import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { type NumberLanguage, numbersIn } from '../../server/search/numbers.ts'
import { openSearchAlone, spoken } from './open-search.ts'

const setting = await openSearchAlone()
after(() => setting[Symbol.asyncDispose]())
const lines = [
  'There are forty-two lamps in the hall.',
  'The hall has 1,850 seats and 63 doors.',
  'The Wi-Fi is by Socket.IO and the e-mail by hand.',
  'After COVID-19 the co-operative was re-opened.',
  'It was in nineteen eighty-four, the twenty-third time.',
  'The colour of the theatre is grey, and they organise it.',
  'It cost 4.99 at O’Hara’s.',
  'We take the railroad every springtime, not the http2 one.',
]
const id = await setting.addVideo(spoken(...lines.flatMap((line, at) => (at === 0 ? [line] : [10, line]))))

async function firstOf(q: string) {
  const { hits, corrected, weak } = await setting.search.inVideo(id, { q, limit: 10 })
  assert.deepEqual([corrected, weak], [undefined, hits.length === 0], q)
  return hits[0]?.segments[0]
}

const spellings: Record<string, [line: number | undefined, ...queries: string[]]> = {
  'a number is found in words and in digits': [0, '42', 'forty two', 'forty-two', '42 lamps'],
  'a number in digits is found by its words': [1, 'sixty-three', 'sixty three doors', '63'],
  'thousands are found with and without what groups them': [1, '1850', '1,850', '1.850', 'eighteen hundred and fifty'],
  'a year is found as it is said': [4, '1984', 'nineteen eighty four'],
  'an ordinal is found in both forms': [4, '23rd', 'twenty-third'],
  'what a hyphen or a full stop joins is found as one word and as two': [
    2,
    'wifi',
    'wi fi',
    'WiFi',
    'socketio',
    'socket.io',
    'email',
  ],
  'prefixes are found with and without their hyphen': [3, 'cooperative', 'reopened', 'co-operative', 're-opened'],
  'letters and digits are found joined and apart': [3, 'covid19', 'covid-19', 'Covid 19', 'covid'],
  'British and American spelling find each other': [5, 'color', 'theater', 'gray', 'organize', 'colour'],
  'a name is found without what stands before its apostrophe': [6, 'Hara', 'OHara', "O'Hara"],
  'words that are written as one are found as two': [7, 'rail road', 'spring time', 'http 2'],
  'a decimal is no thousand': [undefined, '499'],
}
for (const [promise, [line, ...queries]] of Object.entries(spellings)) {
  test(promise, async () => {
    for (const q of queries) assert.equal(await firstOf(q), line, q)
  })
}

const numbers: [NumberLanguage, Record<string, string>][] = [
  [
    'english',
    {
      zero: '0',
      'twenty seven': '27',
      'one hundred and five': '105',
      'nine thousand nine hundred ninety nine': '9999',
      'fifteen hundred': '1500',
    },
  ],
  [
    'german',
    {
      siebenundzwanzig: '27',
      hundertfunf: '105',
      eintausendfunfhundert: '1500',
      dreissig: '30',
      neuntausendneunhundertneunundneunzig: '9999',
    },
  ],
  [
    'french',
    {
      'vingt sept': '27',
      'soixante et onze': '71',
      'quatre vingt dix sept': '97',
      'mille cinq cents': '1500',
      'quatre vingts': '80',
    },
  ],
  [
    'spanish',
    {
      veintisiete: '27',
      'treinta y uno': '31',
      'ciento cinco': '105',
      'mil quinientos': '1500',
      'nueve mil novecientos noventa y nueve': '9999',
    },
  ],
]
for (const [language, said] of numbers) {
  test(`numbers are read in ${language}`, () => {
    for (const [words, digits] of Object.entries(said)) {
      assert.deepEqual(
        numbersIn(words.split(' '), language).map(number => number.digits),
        [digits],
        words,
      )
    }
  })
}

test('an article is no number, and two numbers beside each other are two', () => {
  assert.deepEqual(numbersIn(['un', 'chat', 'une', 'fois'], 'french'), [])
  assert.deepEqual(
    numbersIn(['three', 'four'], 'english').map(number => number.digits),
    ['3', '4'],
  )
})
