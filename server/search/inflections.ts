/** What a language puts at a word's beginning or end, where no stemmer of the database takes it off. */

const hangul = /^\p{sc=Hangul}+$/u
/** Longest first. */
const particles = [
  ...['에서부터', '으로부터', '이라고', '에서는', '에게서', '으로서', '으로써'],
  ...[
    '에서',
    '에게',
    '한테',
    '부터',
    '까지',
    '으로',
    '이나',
    '처럼',
    '보다',
    '라고',
    '하고',
    '이랑',
    '마다',
    '조차',
    '밖에',
  ],
  ...['은', '는', '이', '가', '을', '를', '의', '에', '와', '과', '로', '도', '만', '께', '랑', '나', '야'],
]
const shortestNoun = 2

const arabic = /^\p{sc=Arabic}{3,}$/u
const arabicArticle = /^[وبكف]?ال(?=\p{L}{2})|^لل(?=\p{L}{2})/u
const beforeArabic = ['ال', 'وال', 'بال', 'كال', 'فال', 'لل', 'و', 'ب', 'ل']

const hebrew = /^\p{sc=Hebrew}{3,}$/u
const beforeHebrew = [...'הובלמשכ']

/** What else finds a word, and whether what begins so does: a Korean noun has its particle at the end. */
export function inflected(word: string): { forms: string[]; open: boolean } {
  if (hangul.test(word)) return { forms: withoutParticle(word), open: true }
  if (arabic.test(word)) {
    const noun = word.replace(arabicArticle, '')
    return { forms: [noun, ...beforeArabic.map(prefix => prefix + noun)], open: false }
  }
  return { forms: hebrew.test(word) ? beforeHebrew.map(prefix => prefix + word) : [], open: false }
}

/** Which of these follows a syllable tells its last sound: “가을” is no noun with a particle. */
const afterSound = { consonant: ['은', '이', '을', '에'], vowel: ['는', '가', '를', '에'] }

/** So short a noun is looked for with each particle, not with whatever follows. */
function ofOneSyllable(word: string): string[] {
  const [noun = '', particle = '', ...more] = word
  // Unicode, 3.12: each lead and vowel has 28 syllables, the first of them without a last consonant.
  const endsIn = (noun.charCodeAt(0) - 0xac00) % 28 > 0 ? 'consonant' : 'vowel'
  if (more.length > 0 || !afterSound[endsIn].includes(particle)) return []
  return [noun, ...particles.map(each => noun + each)]
}

function withoutParticle(word: string): string[] {
  const particle = particles.find(each => word.endsWith(each) && word.length - each.length >= shortestNoun)
  return particle === undefined ? ofOneSyllable(word) : [word.slice(0, -particle.length)]
}
