/** A file's name is shown and never used as a path: its last part, without control characters. */
export const shownName = (filename: string): string =>
  (filename.split(/[\\/]/).at(-1) ?? '')
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is taken out
    .replace(/[\u0000-\u001f\u007f\u202a-\u202e\u2066-\u2069]/g, '')
    .slice(0, 200) || 'video'

export const titleFrom = (filename: string): string =>
  filename
    .replace(/\.[^.]{1,5}$/, '')
    .replaceAll(/[_]+/g, ' ')
    .trim() || filename
