import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { type NumberLanguage, numbersIn } from '../../server/search/numbers.ts'
import { plainWords } from '../../server/search/plain-text.ts'
import { ordinals, sayings } from './numbers-in-words.ts'
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
  'Then 7 500 people paid twelve thousand.',
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
  'thousands are found with and without the space that groups them': [8, '7500', '7 500', '7,500'],
  'a part of a greater number is no number': [undefined, '1000', '12'],
  'a decimal is no thousand': [undefined, '499'],
}
for (const [promise, [line, ...queries]] of Object.entries(spellings)) {
  test(promise, async () => {
    for (const q of queries) assert.equal(await firstOf(q), line, q)
  })
}

for (const [language, ways] of sayings) {
  for (const [way, say] of Object.entries(ways)) {
    test(`every number from 0 to 9,999 is read in ${language}, ${way}`, () => {
      for (let value = 0; value <= 9999; value++) {
        const words = say(value)
        // Alone they are articles.
        if (words === null || ['un', 'una'].includes(words)) continue
        const read = numbersIn(plainWords(words), language)
        // A year's halves are numbers too.
        const whole = read.filter(number => number.first === 0 && number.end === plainWords(words).length)
        assert.equal(whole.at(-1)?.digits, String(value), words)
      }
    })
  }
}

const digitsOf = (words: string, language: NumberLanguage) =>
  numbersIn(plainWords(words), language).map(({ digits }) => digits)

test('a number above 9,999 is none, and no part of it is one', () => {
  for (const words of ['ten thousand', 'one hundred thousand', 'twelve thousand five hundred and one'])
    assert.deepEqual(digitsOf(words, 'english'), [], words)
  for (const words of ['zehntausend', 'hunderttausend', 'zwölftausendfünfhundert'])
    assert.deepEqual(digitsOf(words, 'german'), [], words)
  for (const words of ['cent mille', 'dix-sept mille deux cents'])
    assert.deepEqual(digitsOf(words, 'french'), [], words)
  for (const words of ['cien mil', 'doscientas mil', 'once mil dos'])
    assert.deepEqual(digitsOf(words, 'spanish'), [], words)
})

test('a rank is found in both forms', async () => {
  const ranks = await setting.addVideo(
    spoken('They came in third.', 10, 'It was the 18th time.', 10, 'His nineteenth film.'),
  )
  const placeOf = async (q: string) => (await setting.search.inVideo(ranks, { q, limit: 5 })).hits[0]?.segments[0]
  assert.deepEqual(await Promise.all(['3rd', 'eighteenth', '19th', '3'].map(placeOf)), [0, 1, 2, undefined])
  assert.deepEqual(
    ordinals.map(rank => Number.parseInt(digitsOf(rank, 'english')[0] ?? '', 10)),
    ordinals.map((_, at) => at + 1),
  )
})

test('an article is no number, and two numbers beside each other are two', () => {
  assert.deepEqual(numbersIn(['un', 'chat', 'une', 'fois'], 'french'), [])
  assert.deepEqual(
    numbersIn(['three', 'four'], 'english').map(number => number.digits),
    ['3', '4'],
  )
})
