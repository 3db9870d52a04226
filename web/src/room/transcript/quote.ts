const longest = 240

/** The words in quotation marks, on one line and not too long. */
export function quoted(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim()
  return `“${line.length > longest ? `${line.slice(0, longest).trimEnd()}…` : line}”`
}
