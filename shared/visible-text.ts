/**
 * No spaces to Unicode, and nothing to the eye: braille's blank, the anchors of interlinear notes and what stands for an
 * object that isn't there, the blanks and joiners of hieroglyphs, the null note head.
 */
const blanks = String.raw`\u2800\ufff9-\ufffc\u{13430}-\u{13442}\u{1d159}`
/** Marks (\p{M}) belong to a character before them: without any they say nothing. */
const somethingSeen = new RegExp(
  String.raw`[^\p{White_Space}\p{Default_Ignorable_Code_Point}\p{Cc}\p{M}${blanks}]`,
  'u',
)

/** Whether there is anything to see: a text of nothing but spaces, joiners and fillers is an empty one. */
export const isVisible = (text: string): boolean => somethingSeen.test(text)
