/**
 * Which addresses are of the public internet. Everything else is this machine, its network, its cloud, or nobody's: after the registries of
 * special-purpose addresses of IANA (RFC 6890 and its updates). IPv6 is judged the other way round: only what is public is let through.
 */
import { BlockList, isIP, isIPv4 } from 'node:net'

const NOT_PUBLIC_V4: readonly (readonly [net: string, bits: number, what: string])[] = [
  ['0.0.0.0', 8, 'this machine'],
  ['10.0.0.0', 8, 'a private network'],
  ['100.64.0.0', 10, 'the network of a provider'],
  ['127.0.0.0', 8, 'this machine'],
  ['168.63.129.16', 32, 'the metadata of a cloud'],
  ['169.254.0.0', 16, 'link-local, or the metadata of a cloud'],
  ['172.16.0.0', 12, 'a private network'],
  ['192.0.0.0', 24, 'a protocol'],
  ['192.0.2.0', 24, 'documentation'],
  ['192.88.99.0', 24, 'a relay of 6to4'],
  ['192.168.0.0', 16, 'a private network'],
  ['198.18.0.0', 15, 'benchmarks'],
  ['198.51.100.0', 24, 'documentation'],
  ['203.0.113.0', 24, 'documentation'],
  ['224.0.0.0', 4, 'multicast'],
  ['240.0.0.0', 4, 'reserved, or broadcast'],
]
const NOT_PUBLIC_V6: readonly (readonly [net: string, bits: number, what: string])[] = [
  ['2001::', 23, 'a protocol such as Teredo'],
  ['2001:db8::', 32, 'documentation'],
  ['2002::', 16, '6to4, which holds another address'],
  ['3fff::', 20, 'documentation'],
]

const v4 = NOT_PUBLIC_V4.map(([net, bits, what]) => ({ what, list: listOf(net, bits, 'ipv4') }))
const v6 = NOT_PUBLIC_V6.map(([net, bits, what]) => ({ what, list: listOf(net, bits, 'ipv6') }))
const publicV6 = listOf('2000::', 3, 'ipv6')
const mapped = listOf('::ffff:0:0', 96, 'ipv6')
const translated = listOf('64:ff9b::', 96, 'ipv6')
/** Own machine and network: what an owner may allow by name. Metadata, multicast and the like are never meant by a name. */
const OWN = [
  listOf('127.0.0.0', 8, 'ipv4'),
  listOf('10.0.0.0', 8, 'ipv4'),
  listOf('172.16.0.0', 12, 'ipv4'),
  listOf('192.168.0.0', 16, 'ipv4'),
  listOf('100.64.0.0', 10, 'ipv4'),
  listOf('::1', 128, 'ipv6'),
  listOf('fc00::', 7, 'ipv6'),
]
/** The metadata services of Amazon (IPv6) and Alibaba lie in ranges that are otherwise an owner's. */
const METADATA = [listOf('fd00:ec2::254', 128, 'ipv6'), listOf('100.100.100.200', 32, 'ipv4')]

function listOf(net: string, bits: number, family: 'ipv4' | 'ipv6'): BlockList {
  const list = new BlockList()
  list.addSubnet(net, bits, family)
  return list
}

/** What an address is when it is not public, in words; undefined for a public one. What is no address is not public. */
export function notPublic(address: string): string | undefined {
  if (isIP(address) === 0 || address.includes('%')) return 'no plain address'
  if (isIPv4(address)) return v4.find(({ list }) => list.check(address, 'ipv4'))?.what
  const inner = innerV4(address)
  if (inner) return notPublic(inner)
  if (!publicV6.check(address, 'ipv6')) return 'no public address of IPv6'
  return (
    v6.find(({ list }) => list.check(address, 'ipv6'))?.what ??
    (isIsatap(address) ? 'ISATAP, which holds another address' : undefined)
  )
}

/** True for addresses of this machine and of private networks, which an owner may allow; never for metadata services. */
export function isOwn(address: string): boolean {
  const plain = innerV4(address) ?? address
  const family = isIPv4(plain) ? 'ipv4' : 'ipv6'
  return (
    isIP(plain) !== 0 &&
    OWN.some((list) => list.check(plain, family)) &&
    !METADATA.some((list) => list.check(plain, family))
  )
}

/** True for this machine only. */
export function isLoopback(address: string): boolean {
  const plain = innerV4(address) ?? address
  return isIPv4(plain) ? plain.startsWith('127.') : groupsOf(plain).join(':') === '0:0:0:0:0:0:0:1'
}

/** The IPv4 address inside a mapped (::ffff:0:0/96) or translated one (NAT64, 64:ff9b::/96): connecting leads there. */
function innerV4(address: string): string | undefined {
  if (isIP(address) !== 6 || address.includes('%')) return undefined
  if (!mapped.check(address, 'ipv6') && !translated.check(address, 'ipv6')) return undefined
  const [high = 0, low = 0] = groupsOf(address).slice(-2)
  return [high >> 8, high & 255, low >> 8, low & 255].join('.')
}

/** ISATAP puts an IPv4 address behind 0:5efe or 200:5efe (RFC 5214). */
function isIsatap(address: string): boolean {
  const groups = groupsOf(address)
  return groups[5] === 0x5efe && (groups[4] === 0 || groups[4] === 0x200)
}

/** The eight groups of an IPv6 address. `URL` writes every form of it in the same one. */
function groupsOf(address: string): number[] {
  const plain = URL.parse(`http://[${address}]`)?.hostname.slice(1, -1) ?? '::'
  const [head = '', tail] = plain.split('::')
  const parse = (part: string) => (part === '' ? [] : part.split(':').map((group) => Number.parseInt(group, 16)))
  if (tail === undefined) return parse(head)
  const [before, after] = [parse(head), parse(tail)]
  return [...before, ...Array<number>(8 - before.length - after.length).fill(0), ...after]
}
