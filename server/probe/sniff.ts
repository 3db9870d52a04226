import { fileTypeFromBuffer } from 'file-type'
import { refusal } from './refusal.ts'

const names: Record<string, string> = {
  'application/pdf': 'a PDF document',
  'application/zip': 'a ZIP archive',
  'application/gzip': 'a gzip archive',
  'application/x-7z-compressed': 'a 7-Zip archive',
  'application/x-rar-compressed': 'a RAR archive',
  'application/vnd.rar': 'a RAR archive',
  'application/x-elf': 'a program',
  'application/x-msdownload': 'a Windows program',
  'application/xml': 'an XML file',
  'image/gif': 'a GIF picture',
  'image/png': 'a PNG picture',
  'image/apng': 'a PNG picture',
  'image/jpeg': 'a JPEG picture',
  'image/webp': 'a WebP picture',
  'image/heic': 'a HEIC picture',
  'image/avif': 'an AVIF picture',
  'text/vtt': 'a WebVTT subtitle file',
  'audio/midi': 'a MIDI file',
}

/** Neither video/* nor audio/* by name, but films all the same. */
const filmTypes: Record<string, string> = {
  'application/ogg': 'video/ogg',
  'application/vnd.ms-asf': 'video/x-ms-asf',
}

/**
 * Tells by the first bytes (about 4 kB; all of a smaller file) what a file is. The name only words the refusal: it is
 * never believed. Throws `upload.unsupported_media` with what it was taken for.
 */
export async function sniff(head: Uint8Array, filename: string): Promise<{ contentType: string }> {
  if (head.length === 0) throw refusal('an empty file')
  const mime = (await fileTypeFromBuffer(head))?.mime.split(';')[0] ?? transportStream(head)
  if (mime === undefined) throw refusal(textKind(head) ?? `a file of an unknown kind${nameOf(filename)}`)
  const contentType = filmTypes[mime] ?? mime
  if (names[mime] !== undefined || !/^(?:video|audio)\//.test(contentType))
    throw refusal(names[mime] ?? `a file of the type ${mime}`)
  return { contentType }
}

const nameOf = (filename: string): string =>
  filename === '' ? '' : ` (whatever its name, ${filename.slice(0, 100)}, says)`

const syncByte = 0x47
const packetSizes = [188, 192, 204]

/** MPEG-TS has no magic number, only a sync byte in every packet; a recording may begin in the middle of one. */
function transportStream(head: Uint8Array): 'video/mp2t' | undefined {
  const inStep = (start: number, size: number) =>
    head.length >= start + 4 * size && [0, 1, 2, 3].every(packet => head[start + packet * size] === syncByte)
  const found = packetSizes.some(size =>
    Array.from({ length: size }, (_, start) => start).some(start => inStep(start, size)),
  )
  return found ? 'video/mp2t' : undefined
}

const textKinds: [RegExp, string][] = [
  [/^<!doctype html|^<html/i, 'an HTML page'],
  [/^#EXTM3U/, 'an HLS playlist'],
  [/^ffconcat /, 'an ffmpeg playlist'],
  [/^<\?xml|^<svg/i, 'an XML file'],
  [/^WEBVTT/, 'a WebVTT subtitle file'],
  [/^\d+\r?\n\d\d:\d\d:\d\d,\d\d\d -->/, 'a SubRip subtitle file'],
  [/^[[{]/, 'a JSON file'],
]

/** Control characters that no text holds (tab, line ends and escape may be), and what wasn't UTF-8. */
const isStrange = (character: string): boolean =>
  character === '\ufffd' || (character < ' ' && !'\t\n\f\r\x1b'.includes(character))

/** What kind of text it is; null when it isn't text. A few strange characters are let pass: old encodings, a cut letter. */
function textKind(head: Uint8Array): string | null {
  const text = new TextDecoder().decode(head)
  const strange = Array.from(text).filter(isStrange).length
  if (strange > text.length / 50) return null
  return textKinds.find(([begins]) => begins.test(text.trimStart()))?.[1] ?? 'a text file'
}
