/** Up to eight names with slashes between them; none begins with a dot. */
const keyShape = /^[a-z0-9_-][a-z0-9._-]{0,127}(?:\/[a-z0-9_-][a-z0-9._-]{0,127}){0,7}$/

/** The key itself. A key that does not fit is a fault of ours, never of a caller: keys are not made from input. */
export function checkKey(key: string): string {
  if (!keyShape.test(key)) throw new Error(`Not a blob's key: ${JSON.stringify(key)}`)
  return key
}

export const isKey = (text: string): boolean => keyShape.test(text)

/** The prefix itself; none means everything. */
export function checkListed(prefix: string): string {
  return prefix === '' ? prefix : `${checkPrefix(prefix)}/`
}

/** The prefix without its last slash. */
export function checkPrefix(prefix: string): string {
  if (!prefix.endsWith('/')) throw new Error(`Not a prefix of blobs' keys: ${JSON.stringify(prefix)}`)
  return checkKey(prefix.slice(0, -1))
}
