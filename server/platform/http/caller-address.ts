import type { IncomingHttpHeaders } from 'node:http'
import { createAddressList, readAddress } from '../addresses.ts'

/** A request, as far as it tells where it comes from. */
interface Arrived {
  headers: IncomingHttpHeaders
  socket: { remoteAddress?: string | undefined }
}
/** Empty when the connection is gone already, or never had one. */
export type CallerAddress = (request: Arrived) => string

/** As some proxies write it: with the port that it came from, and brackets, which IPv6 then needs. */
const withPort = /^(?:\[([^\]]*:[^\]]*)\]|([\d.]+))(?::\d{1,5})?$/

const addressIn = (entry: string): string | null => {
  const [, six, four] = withPort.exec(entry) ?? []
  return readAddress(six ?? four ?? entry)
}

/**
 * Who asks: the peer, or, where that is a proxy that is trusted, whom it says to have heard. Each proxy adds its peer at
 * the end of `X-Forwarded-For`, so the list is believed from there, as long as it names proxies that are trusted; what
 * stands before them may be made up by the caller. A list that can't be read so far says nothing.
 */
export function createCallerAddress(trustedProxies: readonly string[]): CallerAddress {
  const isTrusted = createAddressList(trustedProxies)
  return ({ headers, socket }) => {
    const peer = readAddress(socket.remoteAddress ?? '') ?? ''
    const forwarded = headers['x-forwarded-for']
    if (forwarded === undefined || peer === '' || !isTrusted(peer)) return peer
    const entries = String(forwarded).split(',')
    let caller = peer
    for (const entry of entries
      .map(each => each.trim())
      .filter(Boolean)
      .reverse()) {
      const address = addressIn(entry)
      if (address === null) return peer
      caller = address
      if (!isTrusted(address)) return caller
    }
    return caller
  }
}
