import { checkInput } from '../platform/check-input.ts'
import { cutText } from '../platform/text.ts'

/** A file's name is shown and never used as a path: its last part, without control characters. */
export const shownName = (filename: string): string =>
  cutText(
    (filename.split(/[\\/]/).at(-1) ?? '')
      .toWellFormed()
      // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is taken out
      .replace(/[\u0000-\u001f\u007f\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069]/g, '')
      .trim(),
    200,
  ) || 'video'

export const titleFrom = (filename: string): string =>
  filename
    .replace(/\.[^.]{1,5}$/, '')
    .replaceAll(/[_]+/g, ' ')
    .trim() || filename

/**
 * A title that came beside a film, in a form or in tus's metadata; null when none was said. A long one is cut, as whoever
 * sends a film should not be refused for it. Throws `request.invalid`.
 */
export function givenTitle(said: string | null | undefined): string | null {
  checkInput({ title: said }, 'form')
  return cutText(said?.trim() ?? '', longestTitle) || null
}

const longestTitle = 200
