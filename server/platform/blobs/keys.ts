const segmentShape = /^[a-z0-9_-][a-z0-9._-]{0,127}$/
const maxSegments = 8

/** The key itself. A key that does not fit is a fault of ours, never of a caller: keys are not made from input. */
export function checkKey(key: string): string {
  const segments = key.split('/')
  if (segments.length > maxSegments || !segments.every(segment => segmentShape.test(segment))) {
    throw new Error(`Not a blob's key: ${JSON.stringify(key)}`)
  }
  return key
}

/** The prefix without its last slash. */
export function checkPrefix(prefix: string): string {
  if (!prefix.endsWith('/')) throw new Error(`Not a prefix of blobs' keys: ${JSON.stringify(prefix)}`)
  return checkKey(prefix.slice(0, -1))
}
