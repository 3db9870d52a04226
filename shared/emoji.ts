/** A picture, also one joined from several; a keycap; a flag, by its two letters or by the tags of a region. */
const shape =
  /^(?:\p{Extended_Pictographic}(?:\ufe0f|\u200d|\p{Extended_Pictographic}|\p{Emoji_Modifier})*|[0-9#*]\ufe0f?\u20e3|\p{Regional_Indicator}{2}|\u{1f3f4}[\u{e0020}-\u{e007e}]+\u{e007f})$/u

/** One grapheme, and nothing that only modifies: by how emoji are built, for new ones come every year. */
export const isOneEmoji = (text: string): boolean =>
  shape.test(text) && [...new Intl.Segmenter().segment(text)].length === 1

/** Shown as text unless it is said that they are pictures, and a skin tone says so, too. */
const needsSelector = /(?!\p{Emoji_Presentation})\p{Emoji}(?!\p{Emoji_Modifier})/gu

/**
 * With every variation selector that it may have (“fully qualified” in Unicode's UTS 51): keyboards differ in whether they
 * send U+FE0F, and it is the same emoji to whoever sees it.
 */
export const fullyQualified = (emoji: string): string =>
  emoji.replaceAll('\ufe0f', '').replace(needsSelector, '$&\ufe0f')

/** Also where one of them was kept before the two were told to be one. */
export const isSameEmoji = (one: string, other: string): boolean => fullyQualified(one) === fullyQualified(other)
