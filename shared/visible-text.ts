/** Braille's blank and the anchors of interlinear notes are no spaces to Unicode, and nothing to the eye. */
const somethingSeen = /[^\p{White_Space}\p{Default_Ignorable_Code_Point}\p{Cc}\u2800\ufff9-\ufffb]/u

/** Whether there is anything to see: a text of nothing but spaces, joiners and fillers is an empty one. */
export const isVisible = (text: string): boolean => somethingSeen.test(text)
