import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isLoopback, isOwn, notPublic } from '../../../src/agent/sandbox/addresses.ts'

const REFUSED: readonly string[] = [
  ...['0.0.0.0', '0.1.2.3', '10.0.0.1', '10.255.255.255', '100.64.0.1', '100.127.255.255', '100.100.100.200'],
  ...['127.0.0.1', '127.1.2.3', '127.255.255.254', '168.63.129.16', '169.254.0.1', '169.254.169.254', '169.254.170.2'],
  ...['172.16.0.1', '172.31.255.255', '192.0.0.192', '192.0.2.1', '192.88.99.1', '192.168.0.1', '198.18.0.1'],
  ...['198.19.255.255', '198.51.100.7', '203.0.113.7', '224.0.0.1', '239.255.255.255', '240.0.0.1', '255.255.255.255'],
  ...['::', '::1', '::2', '::127.0.0.1', '::8.8.8.8', '::ffff:127.0.0.1', '::ffff:7f00:1', '::ffff:10.0.0.1'],
  ...['::ffff:169.254.169.254', '::ffff:0:127.0.0.1', '64:ff9b::127.0.0.1', '64:ff9b::a9fe:a9fe', '64:ff9b::10.0.0.1'],
  ...['64:ff9b:1::1', '100::1', '2001::1', '2001:0:4136:e378:8000:63bf:3fff:fdd2', '2001:20::1', '2001:db8::1'],
  ...['2002:7f00:1::', '2002:a00:1::1', '2002:808:808::1', '3fff::1', '5f00::1', 'fc00::1', 'fd00:ec2::254', 'fdff::1'],
  ...['fe80::1', 'febf::1', 'fec0::1', 'ff02::1', 'ff0e::1', 'fe80::1%eth0', '2606:4700::1%lo'],
  ...[
    '2606:4700::5efe:7f00:1',
    '2606:4700::200:5efe:10.0.0.1',
    '',
    'localhost',
    '1.2.3',
    '0x7f.1',
    '2130706433',
    '1.1.1.1 ',
  ],
]
const PUBLIC: readonly string[] = [
  ...[
    '1.1.1.1',
    '8.8.8.8',
    '9.255.255.255',
    '11.0.0.0',
    '100.63.255.255',
    '100.128.0.0',
    '126.255.255.255',
    '128.0.0.0',
  ],
  ...[
    '169.253.255.255',
    '169.255.0.0',
    '172.15.255.255',
    '172.32.0.0',
    '192.167.255.255',
    '192.169.0.0',
    '223.255.255.255',
  ],
  ...['2606:4700:4700::1111', '2a00:1450::1', '::ffff:8.8.8.8', '64:ff9b::8.8.8.8', '2001:4860:4860::8888', '3ffe::1'],
]

describe('addresses', () => {
  it.each(REFUSED)('%s is not public', (address) => expect(notPublic(address)).toEqual(expect.any(String)))
  it.each(PUBLIC)('%s is public', (address) => expect(notPublic(address)).toBeUndefined())

  it('judges an address of IPv4 the same in every cloak that leads to it', () => {
    fc.assert(
      fc.property(fc.ipV4(), (address) => {
        const [a = 0, b = 0, c = 0, d = 0] = address.split('.').map(Number)
        const hex = `${((a << 8) | b).toString(16)}:${((c << 8) | d).toString(16)}`
        const plain = notPublic(address)
        for (const cloak of [
          `::ffff:${address}`,
          `::ffff:${hex}`,
          `64:ff9b::${hex}`,
          `0:0:0:0:0:FFFF:${hex}`,
          `0064:ff9b:0::${address}`,
        ]) {
          expect([cloak, notPublic(cloak)]).toEqual([cloak, plain])
        }
      }),
    )
  })

  it('lets through no address of IPv6 outside of 2000::/3 that leads nowhere else', () => {
    fc.assert(
      fc.property(
        fc.ipV6().filter((address) => !/^[23]/.test(address) && !/ffff|ff9b/i.test(address)),
        (address) => {
          expect(notPublic(address)).toEqual(expect.any(String))
        },
      ),
    )
  })

  it.each([
    ['127.0.0.1', true, true],
    ['::1', true, true],
    ['::ffff:127.0.0.1', true, true],
    ['10.1.2.3', true, false],
    ['fd12::1', true, false],
    ['100.64.0.1', true, false],
    ['169.254.169.254', false, false],
    ['::ffff:169.254.169.254', false, false],
    ['fd00:ec2::254', false, false],
    ['100.100.100.200', false, false],
    ['0.0.0.0', false, false],
    ['224.0.0.1', false, false],
    ['8.8.8.8', false, false],
  ])('%s: an owner may allow it %s, it is this machine %s', (address, own, loopback) => {
    expect([isOwn(address), isLoopback(address)]).toEqual([own, loopback])
  })
})
