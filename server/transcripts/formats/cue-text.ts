/** The text of one cue, as a person reads it. */
export interface CueText {
  /** Without tags, entities decoded, blanks collapsed, no empty lines. */
  lines: string[]
  /** Who speaks, when the cue names one voice (`<v Ada>`). */
  speaker: string | null
}

const maxLineLength = 2000

/** Strips WebVTT and HTML tags and SubRip's `{\an8}` from a cue's lines. Linear in their length, whatever they hold. */
export function readCueText(rawLines: readonly string[]): CueText {
  const voices = new Set<string>()
  const lines = rawLines
    .map(line => collapse(decodeEntities(withoutTags(withoutOverrides(line.slice(0, maxLineLength)), voices))))
    .filter(line => line !== '')
  const [voice] = voices
  return { lines, speaker: voices.size === 1 && voice !== undefined ? voice : null }
}

/** `<v.loud Ada>` → the annotation "Ada" (WebVTT, section 4.2.2). A `<` that no `>` follows is text. */
function withoutTags(line: string, voices: Set<string>): string {
  let text = ''
  let from = 0
  for (let open = line.indexOf('<'); open !== -1; open = line.indexOf('<', from)) {
    const close = line.indexOf('>', open)
    if (close === -1) break
    if (!isTag(line.charAt(open + 1))) {
      text += line.slice(from, open + 1)
      from = open + 1
      continue
    }
    text += line.slice(from, open)
    const tag = line.slice(open + 1, close)
    const voice = voiceOf(tag)
    if (voice !== null) voices.add(voice)
    from = (isRubyText(tag) ? endOfRubyText(line, close) : null) ?? close + 1
  }
  return text + line.slice(from)
}

/** Ruby text says the same again, in small letters above. */
const isRubyText = (tag: string): boolean => tag === 'rt' || tag.startsWith('rt.')

function endOfRubyText(line: string, from: number): number | null {
  const end = line.indexOf('</rt>', from)
  return end === -1 ? null : end + '</rt>'.length
}

const isTag = (first: string): boolean => /[a-z0-9/!]/i.test(first)

function voiceOf(tag: string): string | null {
  const name = /^v(?:\.\S{1,100})?[ \t]+(.{1,100})$/.exec(tag)?.[1]
  return name === undefined ? null : collapse(decodeEntities(name)) || null
}

const withoutOverrides = (line: string): string =>
  line.includes('{\\') ? line.replace(/\{\\[^{}]{0,200}\}/g, '') : line

const named: Record<string, string> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  nbsp: ' ',
  lrm: '',
  rlm: '',
}

const decodeEntities = (text: string): string =>
  text.replace(/&(?:#(\d{1,7})|#x([0-9a-f]{1,6})|([a-z]{2,6}));/gi, (whole, decimal, hexadecimal, name) =>
    name === undefined ? character(decimal, hexadecimal) : (named[name.toLowerCase()] ?? whole),
  )

function character(decimal: string | undefined, hexadecimal: string | undefined): string {
  const code = decimal === undefined ? Number.parseInt(hexadecimal ?? '', 16) : Number(decimal)
  return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : ''
}

const collapse = (text: string): string => text.replace(/\s+/g, ' ').trim()
