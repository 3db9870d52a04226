/** A language's English name or its code → BCP 47; `und` for what is neither. */
export function languageCode(named: string | null | undefined): string {
  const name = (named ?? '').trim().toLowerCase()
  if (/^[a-z]{2,3}(?:-[a-z0-9]{2,8}){0,3}$/.test(name) && isKnown(name)) return canonical(name)
  return twoLetterCodes().find(code => nameOf(code)?.toLowerCase() === name) ?? 'und'
}

/** Media files have three letters (`eng`), BCP 47 wants two where there are two. */
function canonical(code: string): string {
  try {
    return Intl.getCanonicalLocales(code)[0] ?? code
  } catch {
    // It looks like a tag and is none, such as `en-x`.
    return code.split('-', 1)[0] ?? code
  }
}

const isKnown = (code: string): boolean => nameOf(code.split('-', 1)[0] ?? '') !== undefined

/** Undefined where ICU knows no name. */
const nameOf = (code: string): string | undefined =>
  new Intl.DisplayNames('en', { type: 'language', fallback: 'none' }).of(code)

const letters = [...'abcdefghijklmnopqrstuvwxyz']
const twoLetterCodes = (): string[] => letters.flatMap(first => letters.map(second => first + second))
