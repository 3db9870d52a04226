const plainName = /^[\w.(][\w.,()+=@ -]{0,199}$/

/** RFC 6266: how a browser is told whether to show or to save, and as what. Names come from users: any text is taken. */
export function contentDisposition({
  filename,
  download,
}: {
  filename?: string | undefined
  download?: boolean | undefined
}): string {
  const type = download ? 'attachment' : 'inline'
  if (filename !== undefined && plainName.test(filename)) return `${type}; filename="${filename.trim()}"`
  const name = filename === undefined ? '' : harmless(filename)
  if (name === '') return type
  // What a quoted-string may hold without an escape; a `%` would be decoded by some (RFC 6266, appendix D).
  const plain = name.replace(/[^\x20-\x7e]|["\\%]/g, '_')
  if (plain === name) return `${type}; filename="${plain}"`
  return `${type}; filename="${plain}"; filename*=UTF-8''${encodeExtended(name)}`
}

/** Without folders, control and direction characters ("exe.mp4" read from the right is "4pm.exe"), and not endless. */
function harmless(filename: string): string {
  const wellFormed = filename.toWellFormed().normalize('NFC')
  const name = wellFormed.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '').replace(/[/\\]/g, '_')
  return Array.from(name.trim()).slice(0, 200).join('')
}

/** RFC 8187, 3.2.1: what is not an `attr-char` goes as UTF-8 in percents. */
const encodeExtended = (name: string) =>
  encodeURIComponent(name).replace(/['()*]/g, char => `%${char.charCodeAt(0).toString(16).toUpperCase()}`)
