import formatDisposition from 'content-disposition'

/** RFC 6266: how a browser is told whether to show or to save, and as what. Names come from users: any text is taken. */
export function contentDisposition({
  filename,
  download,
}: {
  filename?: string | undefined
  download?: boolean | undefined
}): string {
  const type = download ? 'attachment' : 'inline'
  const name = filename === undefined ? '' : harmless(filename)
  if (name === '') return type
  // What a quoted-string may hold without an escape; a `%` would be decoded by some (RFC 6266, appendix D).
  return formatDisposition(name, { type, fallback: name.replace(/[^\x20-\x7e]|["\\%]/g, '_') })
}

/** Without folders, control and direction characters ("exe.mp4" read from the right is "4pm.exe"), and not endless. */
function harmless(filename: string): string {
  const wellFormed = filename.toWellFormed().normalize('NFC')
  const name = wellFormed.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '').replace(/[/\\]/g, '_')
  return Array.from(name.trim()).slice(0, 200).join('')
}
