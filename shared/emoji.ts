/** One picture, as its skin tone and the selector of its looks (U+FE0E as text, U+FE0F as a picture) make it. */
const picture = '\\p{Extended_Pictographic}[\\ufe0e\\ufe0f]?\\p{Emoji_Modifier}?[\\ufe0e\\ufe0f]?'
/** A picture, also one joined from several; a keycap; a flag, by its two letters or by the tags of a region. */
const shape = new RegExp(
  [
    `^(?:${picture}(?:\\u200d${picture})*`,
    '[0-9#*][\\ufe0e\\ufe0f]?\\u20e3',
    '\\p{Regional_Indicator}{2}',
    '\\u{1f3f4}[\\u{e0020}-\\u{e007e}]+\\u{e007f})$',
  ].join('|'),
  'u',
)

/** One grapheme, and nothing that only modifies: by how emoji are built, for new ones come every year. */
export const isOneEmoji = (text: string): boolean => shape.test(text)

/** Both selectors, and joiners that join nothing, which were let in once. */
const idle = /[\ufe0e\ufe0f]|\u200d(?![\ufe0e\ufe0f]*\p{Extended_Pictographic})/gu
/** Shown as text unless it is said that they are pictures, and a skin tone says so, too. */
const needsSelector = /(?!\p{Emoji_Presentation})\p{Emoji}(?!\p{Emoji_Modifier})/gu

/**
 * With every variation selector that it may have (“fully qualified” in Unicode's UTS 51): keyboards differ in whether they
 * send U+FE0F, or U+FE0E, and it is the same emoji to whoever means it.
 */
export const fullyQualified = (emoji: string): string => emoji.replace(idle, '').replace(needsSelector, '$&\ufe0f')

/** Also where one of them was kept before the two were told to be one. */
export const isSameEmoji = (one: string, other: string): boolean => fullyQualified(one) === fullyQualified(other)
