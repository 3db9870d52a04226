import type { Message } from '../../shared/index.ts'
import type { Queryable } from '../platform/db/index.ts'
import { contentWords, hasWord } from './engines/words.ts'
import { listNewest } from './queries.ts'

type Said = Pick<Message, 'id' | 'kind' | 'author' | 'authorId' | 'body' | 'replyTo' | 'engine' | 'citations'>
type Asker = Pick<Message, 'author' | 'authorId'>
/** The question, and who asks it. */
type Asked = Asker & Pick<Message, 'body'>

/** Messages that are looked at: what is further back is rarely meant. */
const mostMessages = 12
/** How far back what its asker asked before is looked for: a room may have talked of other things meanwhile. */
const mostSince = 200
/** Of the question and the answer before: enough to search by, and not to drown the new question. */
const mostCharacters = 600
/** A question that says more by itself stands on its own, whatever pronouns are in it. */
const fewWords = 3

/** Words that mean what was spoken of before, without those that are mostly articles: English, German, French, Spanish. */
const backwards = [
  'he him his she her hers they them their theirs it its that this these those there then same else',
  'er ihn ihm sein seine sie ihr ihre ihnen dies diese dieser dieses davon dazu dafür daran darüber dort damals',
  'il elle lui leur leurs eux elles ça cela celui celle ceux',
  'él ella ello ellos ellas eso esto ese esa aquel aquella',
].join(' ')
const goesOn = /^\s*(and|but|or|so|why|und|aber|oder|warum|wieso|et|mais|pourquoi|y|pero)(?![\p{L}\p{N}])/iu
/** Asked of the whole film, though they have no words of their own either. */
const ofTheWhole =
  /(?<!\p{L})(about|summar\w*|overview|topics?|gist|video|film|movie|worum|handelt|zusammenfass\w*|thema|résum\w*|sujet|resum\w*|trata|tema)\s*[?.!]*\s*$|(?<!\p{L})(worum|wovon|summar\w*|zusammenfass\w*|résum\w*|resum\w*)/iu

/** What was said in the room before a question, oldest first; what it goes on from stands there too. */
export async function talkBefore(db: Queryable, asked: Message): Promise<Message[]> {
  const newest = await talk(db, asked, mostMessages)
  if (!refersBack(asked.body) || newest.some(isAskedBy(asked))) return newest
  const further = await talk(db, asked, mostSince)
  const own = further.findLast(isAskedBy(asked))
  if (!own) return newest
  return further.filter(each => each === own || (each.replyTo === own.id && each.kind === 'answer')).concat(newest)
}

async function talk(db: Queryable, { videoId, id }: Message, limit: number): Promise<Message[]> {
  const newest = await listNewest(db, videoId, { limit, before: { id } })
  return newest.map(({ message }) => message).reverse()
}

/**
 * What a question goes on from: the words of what its asker asked before and of what answered that, best to be searched
 * along with its own; the room's last question when they have not asked yet. Empty for a question that stands on its own.
 */
export function earlierWords(asked: Asked, talk: readonly Said[]): string {
  if (!refersBack(asked.body)) return ''
  const before = talk.findLast(isAskedBy(asked)) ?? talk.findLast(({ kind }) => kind === 'question')
  if (!before) return ''
  const answer = talk.findLast(({ kind, replyTo }) => kind === 'answer' && replyTo === before.id)
  return `${before.body} ${answer ? wordsOfAnswer(answer) : ''}`.slice(0, mostCharacters).trim()
}

export function refersBack(question: string): boolean {
  const own = contentWords(question).length
  if (own === 0) return !ofTheWhole.test(question)
  return own <= fewWords && (goesOn.test(question) || hasWord(question, backwards))
}

/** Of quotations what they quote: the rest is about how the answer came to be. */
const wordsOfAnswer = ({ engine, body, citations }: Said): string =>
  (engine === 'extractive' ? citations.map(({ text }) => text).join(' ') : body).replace(/\[\d+(:\d\d)+\]/g, '')

/** Whether something said is a question of the same asker: of those without an id, by their names. */
const isAskedBy =
  ({ author, authorId }: Asker): ((said: Asker & Pick<Message, 'kind'>) => boolean) =>
  said =>
    said.kind === 'question' && said.authorId === authorId && (authorId !== null || said.author === author)
