import type { Message } from '../../shared/index.ts'

type Asker = Pick<Message, 'author' | 'authorId'>
type Said = Asker & Pick<Message, 'kind'>

/** Whether something said is a question of the same asker: of those without an id, by their names. */
export const isAskedBy =
  ({ author, authorId }: Asker): ((said: Said) => boolean) =>
  said =>
    said.kind === 'question' && said.authorId === authorId && (authorId !== null || said.author === author)
