/** One grapheme, whatever it is made of. */
export const isOneEmoji = (text: string): boolean =>
  [...new Intl.Segmenter().segment(text)].length === 1 &&
  /\p{Extended_Pictographic}|\p{Regional_Indicator}|\u20e3/u.test(text)

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
