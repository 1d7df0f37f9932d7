import { describe, expect, it } from 'vitest'
import { refusalOf } from '../../src/service/refusal.ts'
import type { SystemdHost } from '../../src/service/systemdHost.ts'
import { EXIT } from '../../src/shared/exitCodes.ts'

const HOST: SystemdHost = {
  hasSystemd: true,
  uid: 1000,
  user: 'mina',
  runtimeDir: '/run/user/1000',
  hasSession: true,
  lingers: false,
  networkDisk: undefined,
}
const WISH = { scope: 'user', name: 'ottugi', home: '/h', root: '/opt/ottugi' } as const

const refused = (wish: object, host: object) => {
  const refusal = refusalOf({ ...WISH, ...wish }, { ...HOST, ...host })
  return refusal && [refusal.words.key, refusal.code]
}

describe('an install is refused in words', () => {
  it('never where it can be done', () => {
    expect(refused({}, {})).toBeUndefined()
    expect(refused({ scope: 'system' }, { uid: 0, hasSession: false })).toBeUndefined()
  })

  it.each([
    ['without systemd', {}, { hasSystemd: false }, 'service.noSystemd', EXIT.unavailable],
    ['without a session', {}, { hasSession: false }, 'service.noBus', EXIT.unavailable],
    ['on a network disk', {}, { networkDisk: 'NFS' }, 'service.networkHome', EXIT.unavailable],
    ['as a user, for the system', { scope: 'system' }, {}, 'service.notRoot', EXIT.usage],
    ['as root, for a user', {}, { uid: 0 }, 'service.rootUser', EXIT.usage],
    ['with a bad name', { name: '../x' }, {}, 'service.badName', EXIT.usage],
    ['as root, by name', { scope: 'system', user: 'root' }, { uid: 0 }, 'service.badUser', EXIT.usage],
    ['as nobody that there can be', { scope: 'system', user: 'a b' }, { uid: 0 }, 'service.badUser', EXIT.usage],
    ['with a line break in a path', { home: '/a\nExecStart=/bin/sh' }, {}, 'service.badPath', EXIT.usage],
  ])('%s', (_, wish, host, ...answer) => {
    expect(refused(wish, host)).toEqual(answer)
  })
})
