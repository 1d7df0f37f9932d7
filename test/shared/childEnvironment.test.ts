import { dirname, join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { childEnvironment, looksSecret } from '../../src/shared/childEnvironment.ts'

const HOME = '/home/me/.ottugi'
const OWN = ['PATH', 'OTTUGI_HOME', 'OTTUGI_NODE', 'NODE_COMPILE_CACHE', 'OTTUGI_PASS_ENV']

const piece = fc.constantFrom(
  ...[
    'OTTUGI',
    'MODEL',
    'API',
    'KEY',
    'TOKEN',
    'SECRET',
    'PASSWORD',
    'PASSPHRASE',
    'CREDENTIALS',
    'AWS',
    'HTTP',
    'PROXY',
  ],
  ...['_', '__', 'my', 'x', 'LANG', 'AGENT', 'PORT', '1'],
)
const name = fc.oneof(
  fc.array(piece, { minLength: 1, maxLength: 5 }).map((pieces) => pieces.join('')),
  fc.array(piece, { minLength: 1, maxLength: 4 }).map((pieces) => `OTTUGI_${pieces.join('__')}`),
  fc.constantFrom('LANG', 'TZ', 'HOME', 'OTTUGI_TOKEN', 'ANTHROPIC_API_KEY', 'OTTUGI_SESSION_SECRET', 'https_proxy'),
)
const environment = fc.dictionary(name, fc.string({ maxLength: 8 }))

describe('the environment of what we start', () => {
  it('is an allowlist: the rest of a shell stays in it', () => {
    const shell = {
      LANG: 'ko_KR.UTF-8',
      TZ: 'Asia/Seoul',
      HTTPS_PROXY: 'http://p',
      LD_PRELOAD: '/x.so',
      NODE_OPTIONS: '--x',
    }
    expect(
      childEnvironment(HOME, { ...shell, OTTUGI_AGENT__PORT: '1', OTTUGI_LANGUAGE: 'ko', OTTUGI_OTHER: 'x' }),
    ).toEqual({
      LANG: 'ko_KR.UTF-8',
      TZ: 'Asia/Seoul',
      OTTUGI_AGENT__PORT: '1',
      OTTUGI_LANGUAGE: 'ko',
      PATH: `${dirname(process.execPath)}:/usr/local/bin:/usr/bin:/bin`,
      OTTUGI_HOME: HOME,
      OTTUGI_NODE: process.execPath,
      NODE_COMPILE_CACHE: join(HOME, 'data', 'compile-cache'),
    })
  })

  it('never hands over a name that looks like a secret, also not when it is asked for', () => {
    fc.assert(
      fc.property(environment, fc.array(name), fc.array(name), (shell, passEnv, passedOn) => {
        const child = childEnvironment(HOME, { ...shell, OTTUGI_PASS_ENV: passedOn.join(',') }, passEnv)
        for (const kept of Object.keys(child).filter((key) => !OWN.includes(key))) {
          // The name of a setting may speak of a key (model.keyVariable); one that ends like a secret is none.
          const isSetting = /^OTTUGI_\w+__/i.test(kept)
          expect(
            isSetting ? /(KEY|TOKEN|SECRET|PASSWORD|PASSPHRASE|CREDENTIALS?)$/i.test(kept) : looksSecret(kept),
            kept,
          ).toBe(false)
        }
        expect((child['OTTUGI_PASS_ENV'] ?? '').split(',').filter(looksSecret)).toEqual([])
      }),
      { numRuns: 500 },
    )
  })

  it('is the same for a successor of a successor, without the settings at hand', () => {
    fc.assert(
      fc.property(environment, fc.array(name), (shell, passEnv) => {
        const first = childEnvironment(HOME, shell, passEnv)
        expect(childEnvironment(HOME, first)).toEqual(first)
      }),
    )
  })

  it('has the pinned Node first on the PATH, and each folder once', () => {
    const { PATH } = childEnvironment(HOME, { PATH: `/a::/b:/a:${dirname(process.execPath)}` })
    expect(PATH).toBe(`${dirname(process.execPath)}:/a:/b`)
  })

  it('passes on what the owner named, and says so to the successor', () => {
    const child = childEnvironment(HOME, { HTTPS_PROXY: 'http://p', MY_TOKEN: 't' }, [
      'HTTPS_PROXY',
      'MY_TOKEN',
      'ABSENT',
    ])
    expect(child).toMatchObject({ HTTPS_PROXY: 'http://p', OTTUGI_PASS_ENV: 'HTTPS_PROXY,ABSENT' })
    expect(child).not.toHaveProperty('MY_TOKEN')
  })
})
