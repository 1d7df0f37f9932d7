/** PURE. Where an address leads, by its text. The broker judges the addresses that it connects to once more. */
import { BlockList, isIP } from 'node:net'
import type { RequestDeed } from './deed.ts'
import type { Ground } from './place.ts'

const PRIVATE_NAMES = /(^|\.)(localhost|local|internal|lan|home|intranet|corp|localdomain|home\.arpa)$/
const PRIVATE = privateRanges()

/** Two lists: in one of both families an IPv4 address would also be looked for in its IPv6 form. */
function privateRanges(): Readonly<Record<4 | 6, BlockList>> {
  const lists = { 4: new BlockList(), 6: new BlockList() }
  const four: readonly (readonly [string, number])[] = [
    ['0.0.0.0', 8],
    ['10.0.0.0', 8],
    ['100.64.0.0', 10],
    ['127.0.0.0', 8],
    ['169.254.0.0', 16],
    ['172.16.0.0', 12],
    ['192.0.0.0', 24],
    ['192.168.0.0', 16],
    ['198.18.0.0', 15],
    ['224.0.0.0', 3],
  ]
  const six: readonly (readonly [string, number])[] = [
    ['::', 3],
    ['64:ff9b::', 32],
    ['2001::', 32],
    ['2002::', 16],
    ['fc00::', 7],
    ['fe80::', 9],
    ['ff00::', 8],
  ]
  for (const [net, bits] of four) lists[4].addSubnet(net, bits, 'ipv4')
  for (const [net, bits] of six) lists[6].addSubnet(net, bits, 'ipv6')
  return lists
}

/** The deed of a request. An address that cannot be read is private: it is refused. */
export function requestDeed({ hosts }: Pick<Ground, 'hosts'>, method: string, url: string): RequestDeed {
  const parsed = URL.parse(url)
  const isWeb = parsed !== null && /^https?:$/.test(parsed.protocol) && parsed.username === '' && parsed.password === ''
  const host = isWeb ? parsed.hostname.toLowerCase().replace(/\.$/, '') : ''
  return {
    kind: 'request',
    method: method.toUpperCase(),
    host,
    isListed: isListed(host, hosts),
    isPrivate: host === '' || isPrivateHost(host),
  }
}

/** True for names and addresses of this machine and of private networks. */
function isPrivateHost(host: string): boolean {
  const bare = host.replace(/^\[|\]$/g, '')
  const family = isIP(bare)
  if (family === 4) return PRIVATE[4].check(bare, 'ipv4')
  if (family === 6) return PRIVATE[6].check(bare, 'ipv6')
  return PRIVATE_NAMES.test(bare) || !bare.includes('.')
}

/** True where a host is one of a list of `host` and `*.host`. */
function isListed(host: string, list: readonly string[]): boolean {
  return list.some((rule) => {
    const name = rule.toLowerCase()
    return name.startsWith('*.') ? host.endsWith(name.slice(1)) : host === name
  })
}
