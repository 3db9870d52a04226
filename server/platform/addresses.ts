import { BlockList, isIP, SocketAddress } from 'node:net'

const mapped = /^::ffff:(?=\d+\.)/

/** An address in the one way that it is written here, IPv4 always as such; null when it is none. */
export function readAddress(text: string): string | null {
  const version = isIP(text)
  if (version !== 6) return version === 4 ? text : null
  // An interface (`%eth0`) says how it is reached, not who it is; it goes with the writing.
  return new SocketAddress({ address: text, family: 'ipv6' }).address.replace(mapped, '')
}

/** Whose address it is: of IPv6 its first 64 bits, of which whoever has one address has all the others. */
export function networkOf(address: string): string {
  const known = readAddress(address)
  if (known === null || isIP(known) === 4) return known ?? address
  const [before = [], after = []] = known.split('::').map(groupsIn)
  const zeros = Array.from({ length: 8 - before.length - after.length }, () => '0')
  return `${[...before, ...zeros, ...after].slice(0, 4).join(':')}::/64`
}

/** Two of them may be written as an IPv4 address, at the end, where no network begins. */
const groupsIn = (text: string): string[] => (text === '' ? [] : text.replace(/[\d.]+\.\d+$/, '0:0').split(':'))

/** `10.0.0.0/8`, `::1`: null when it is neither an address nor a range of them. */
function readRange(text: string): { address: string; bits: number; family: 'ipv4' | 'ipv6' } | null {
  const [, address = '', length] = /^([\d.a-f:]+)(?:\/(\d{1,3}))?$/i.exec(text) ?? []
  const version = isIP(address)
  const width = version === 4 ? 32 : 128
  const bits = Number(length ?? width)
  return version === 0 || bits > width ? null : { address, bits, family: version === 4 ? 'ipv4' : 'ipv6' }
}

export const isRange = (text: string): boolean => readRange(text) !== null

/** Whether an address lies in one of the ranges. They are known to be such. */
export function createAddressList(ranges: readonly string[]): (address: string) => boolean {
  const list = new BlockList()
  for (const text of ranges) {
    const range = readRange(text)
    if (range) list.addSubnet(range.address, range.bits, range.family)
  }
  return address => list.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4')
}
