import type { Size } from './fit.ts'

export interface BurntCaption {
  /** From the beginning of what they are burnt into; exact to 10 ms. */
  startSeconds: number
  endSeconds: number
  /** Shown as it stands, whatever is in it; new lines are kept. */
  text: string
}

/** Of the shorter side: so upright films are not written full. */
const letterPart = 0.06
const marginPart = 0.05

/**
 * Captions as a subtitle file (ASS) for `burnCaptions`, written by us alone: nothing in a text is taken for an order.
 *
 * @param size Of the picture that they are burnt into.
 */
export function writeAss(captions: readonly BurntCaption[], { width, height }: Size): string {
  const shorter = Math.min(width, height)
  const [letters, margin] = [Math.round(letterPart * shorter), Math.round(marginPart * shorter)]
  const style = {
    ...{ Name: 'Default', Fontname: 'Sans', Fontsize: letters },
    ...{
      PrimaryColour: '&H00FFFFFF',
      OutlineColour: '&H00000000',
      BorderStyle: 1,
      Outline: Math.ceil(letters / 15),
      Shadow: 0,
    },
    // Below, in the middle.
    ...{ Alignment: 2, MarginL: margin, MarginR: margin, MarginV: margin },
  }
  return [
    '[Script Info]',
    'ScriptType: v4.00+',
    `PlayResX: ${width}`,
    `PlayResY: ${height}`,
    'ScaledBorderAndShadow: yes',
    '[V4+ Styles]',
    `Format: ${Object.keys(style).join(', ')}`,
    `Style: ${Object.values(style).join(',')}`,
    '[Events]',
    'Format: Layer, Start, End, Style, Text',
    ...captions.map(
      caption =>
        `Dialogue: 0,${timeOf(caption.startSeconds)},${timeOf(caption.endSeconds)},Default,${plain(caption.text)}`,
    ),
    '',
  ].join('\n')
}

/** A filter that draws what `writeAss` wrote into a file. It reads that file and no other. */
export const burnCaptions = (assPath: string): string => `ass=filename=${quoted(assPath)}`

/** `0:00:01.50`. */
function timeOf(seconds: number): string {
  const hundredths = Math.max(0, Math.round(seconds * 100))
  const two = (value: number) => String(Math.floor(value)).padStart(2, '0')
  const [whole, minutes] = [hundredths / 100, hundredths / 6000]
  return `${Math.floor(minutes / 60)}:${two(minutes % 60)}:${two(whole % 60)}.${two(hundredths % 100)}`
}

/** After a backslash a letter would be an order (`\N`, `\h`): with a word joiner between them, which nobody sees, it is none. */
const notAnOrder = '\\\u2060'

/** A brace would begin orders; a line would begin another caption. */
function plain(text: string): string {
  const lines = text.trim().split(/\r\n|[\n\v\f\r\u0085\u2028\u2029]/)
  return lines
    .map(line =>
      line
        .replace(/\p{Cc}/gu, ' ')
        .replaceAll('\\', notAnOrder)
        .replace(/[{}]/g, '\\$&'),
    )
    .join('\\N')
}

/** A value within a filter within a graph: each takes some characters for its own. */
const quoted = (value: string): string => value.replace(/[\\':]/g, '\\$&').replace(/[\\'[\],;]/g, '\\$&')
