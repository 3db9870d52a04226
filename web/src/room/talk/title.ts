import type { Message } from '../../../../client-sdk/src/index.ts'

/** What stands above a message: who said it or, of an answer, where it comes from. */
export function titleOf({ kind, author, engine, citations }: Message): string {
  if (kind !== 'answer') return author
  if (engine === null) return 'Answer'
  if (engine !== 'extractive') return `Answer by ${engine}`
  return citations.length > 0 ? 'Quoted from the film' : 'Nothing found in the film'
}
