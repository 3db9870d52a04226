import { newClientId } from './client-id.ts'

const storedAs = 'rushes.person'
const shortest = 16
const longest = 200

/**
 * The secret by which this client is the same person again. All tabs of a browser have one; in a private window that
 * keeps nothing it lasts as long as the client. Elsewhere a client may speak for several people: one for each name.
 */
export function createPersonKeys(given: string | undefined): (name: string | undefined) => string {
  const own = newClientId()
  return name => {
    if (given !== undefined) return given
    // Node has a `localStorage` too, which is nobody's tab.
    return typeof document === 'undefined' ? `${own} ${name ?? ''}`.slice(0, longest) : keptKey(own)
  }
}

function keptKey(own: string): string {
  try {
    const kept = localStorage.getItem(storedAs)
    if (kept !== null && kept.length >= shortest) return kept
    localStorage.setItem(storedAs, own)
    // Another tab may have been opened at the same moment: the later one counts.
    return localStorage.getItem(storedAs) ?? own
  } catch {
    // Forbidden or full: this client is a person of its own.
    return own
  }
}
