import { newClientId } from './client-id.ts'

const storedAs = 'rushes.person'
const shortest = 16

/**
 * The secret by which this client is the same person again. All tabs of a browser have one; where nothing can be kept
 * (Node, a private window that forbids it) it lasts as long as the client.
 */
export function personKey(given: string | undefined): string {
  if (given !== undefined) return given
  const own = newClientId()
  // Node has a `localStorage` too, which is nobody's tab.
  if (typeof document === 'undefined') return own
  try {
    const kept = localStorage.getItem(storedAs)
    if (kept !== null && kept.length >= shortest) return kept
    localStorage.setItem(storedAs, own)
    // Another tab may have been opened at the same moment: the later one counts.
    return localStorage.getItem(storedAs) ?? own
  } catch {
    // Forbidden or full: this tab is a person of its own.
    return own
  }
}
