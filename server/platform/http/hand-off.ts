import { relative, resolve, sep } from 'node:path'

/** Says to the web server in front which file to send instead of us: a header. Null for a file that it can't have. */
export type HandOff = (path: string) => { name: string; value: string } | null

/**
 * `x-accel:/blobs/` is for nginx, with an `internal` location of that name whose alias is `root`; `x-sendfile` for Apache
 * and lighttpd; undefined for `none`. The web server then answers ranges and preconditions by itself.
 */
export function createHandOff(how: string, root: string): HandOff | undefined {
  const from = resolve(root)
  const within = (path: string) => {
    const rest = relative(from, resolve(path))
    return rest.startsWith('..') ? null : rest.split(sep).map(encodeURIComponent).join('/')
  }
  if (how === 'none') return undefined
  if (how === 'x-sendfile') return path => (within(path) === null ? null : { name: 'x-sendfile', value: resolve(path) })
  const location = how.slice('x-accel:'.length)
  return path => {
    const rest = within(path)
    return rest === null ? null : { name: 'x-accel-redirect', value: `${location}${rest}` }
  }
}
