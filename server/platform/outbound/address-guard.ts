import { lookup as lookUp } from 'node:dns'
import { isIP, type LookupFunction } from 'node:net'
import ipaddr from 'ipaddr.js'
import { createAddressList } from '../addresses.ts'
import { fail } from '../errors.ts'

/** "Global Unicast": all that is given out of IPv6 so far (RFC 4291, section 2.4; IANA's registry). */
const globalUnicast = ipaddr.IPv6.parseCIDR('2000::/3')

/**
 * Whether an address is one of the open internet. Nothing that leads to this machine or its neighbours is: no private,
 * shared, link-local or multicast address, none that is reserved, and none of IPv6 that stands for one of IPv4.
 */
export function isPublicAddress(address: string): boolean {
  if (!ipaddr.isValid(address)) return false
  const known = ipaddr.parse(address)
  return known.range() === 'unicast' && (known.kind() === 'ipv4' || known.match(globalUnicast))
}

export interface AddressGuard {
  /** Throws `fetch.address_refused` for a URL whose host is written as an address that may not be asked. */
  check(url: URL): void
  /** Finds the addresses of a name, for whoever connects to them: what a name leads to later changes nothing. */
  lookup: LookupFunction
}

/** `allowed`: addresses and ranges that may be asked although they are not public. */
export function createAddressGuard(allowed: readonly string[]): AddressGuard {
  const isAllowed = createAddressList(allowed)
  const mayAsk = (address: string) => isPublicAddress(address) || isAllowed(address)
  return {
    check({ hostname }) {
      // WHATWG URLs have written 0x7f.1 and 2130706433 as 127.0.0.1 by now.
      const host = hostname.replace(/^\[|\]$/g, '')
      if (isIP(host) !== 0 && !mayAsk(host)) throw fail('fetch.address_refused')
    },
    lookup(hostname, options, done) {
      lookUp(hostname, { ...options, all: true }, (fault, found) => {
        const [first] = found ?? []
        if (fault || !first) return done(fault ?? new Error(`${hostname} has no address`), [])
        // One that is not allowed would be the next to be tried.
        if (!found.every(({ address }) => mayAsk(address))) return done(fail('fetch.address_refused'), [])
        if (options.all) done(null, found)
        else done(null, first.address, first.family)
      })
    },
  }
}
