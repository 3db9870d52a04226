/** PostgreSQL holds neither NUL nor half a surrogate pair: one such text would fail everyone's commit. */
export const isStorable = (text: string): boolean => text.isWellFormed() && !text.includes('\0')

/** For texts that nobody can be asked to mend, such as a model's: what can't be held is replaced. */
export const storableText = (text: string): string => text.toWellFormed().replaceAll('\0', '\ufffd')

/** At most so long, and never cut within a character. */
export function cutText(text: string, mostLength: number): string {
  if (text.length <= mostLength) return text
  return text.slice(0, mostLength).replace(/[\ud800-\udbff]$/, '')
}
