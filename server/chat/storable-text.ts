/** PostgreSQL holds neither NUL nor half a surrogate pair, and one such text would fail everyone's commit. */
export const storableText = (text: string): string => text.toWellFormed().replaceAll('\0', '\ufffd')
