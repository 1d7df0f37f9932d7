import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { homeRedactor } from '../../../src/shared/redact/homeRedactor.ts'
import { knownSecrets } from '../../../src/shared/redact/knownSecrets.ts'

describe('the secrets of an installation', () => {
  it('are the values of .env that are no settings, and the variables that sound like it', () => {
    const env = new Map([
      ['ANTHROPIC_API_KEY', 'key-of-anthropic-1'],
      ['ANYTHING', 'what-the-owner-put-there'],
      ['OTTUGI_TOKEN', 'ott-token-of-the-owner'],
      ['OTTUGI_MODEL__PROVIDER', 'some-provider-name'],
      ['OTTUGI_MODEL__API_KEY', 'in-the-wrong-place-1'],
      ['OTTUGI_MODEL__MAX_TOKENS', '16384'],
      ['OTTUGI_LOGS__LEVEL', 'verbose'],
      ['KEY_NAME', 'ANTHROPIC_API_KEY'],
      ['SHORT', 'abc'],
      ['DEBUG', 'true'],
      ['HOST', 'localhost:5432'],
      ['DATABASE_URL', 'postgres://shop:pa%24word9@db/shop'],
    ])
    const environment = {
      PATH: '/usr/local/bin:/usr/bin',
      PWD: '/home/mina/projects',
      SSH_AUTH_SOCK: '/run/user/1000/keyring/ssh',
      GITHUB_TOKEN: 'token-of-the-shell-1',
      SMTP_PASS: 'hunter2-mail',
      EDITOR: 'some-editor-or-other',
      EMPTY_SECRET: undefined,
    }
    expect(knownSecrets({ env, environment })).toEqual([
      'key-of-anthropic-1',
      'what-the-owner-put-there',
      'ott-token-of-the-owner',
      'in-the-wrong-place-1',
      'postgres://shop:pa%24word9@db/shop',
      'pa%24word9',
      'pa$word9',
      'token-of-the-shell-1',
      'hunter2-mail',
    ])
  })

  it('are learned when .env changes, and what was replaced stays one', () => {
    const folder = mkdtempSync(join(tmpdir(), 'ottugi-redact-'))
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
    const file = join(folder, '.env')
    const redactor = homeRedactor(file, { SMTP_PASS: 'hunter-mail' })
    const line = 'first value-one then value-two over hunter-mail'
    const seen = [redactor().redact(line)]
    writeFileSync(file, 'A=value-one\n', { mode: 0o600 })
    seen.push(redactor().redact(line))
    writeFileSync(file, 'A=value-two # changed\n', { mode: 0o600 })
    seen.push(redactor().redact(line))
    writeFileSync(file, Buffer.from([0xff, 0xfe, 0x00, 0x41]))
    seen.push(redactor().redact(line))
    rmSync(file)
    seen.push(redactor().redact(line))
    const all = 'first [masked:value] then [masked:value] over [masked:value]'
    expect(seen).toEqual([
      'first value-one then value-two over [masked:value]',
      'first [masked:value] then value-two over [masked:value]',
      all,
      all,
      all,
    ])
  })

  it('are none where the home is no folder', () => {
    expect(homeRedactor('/dev/null/x/.env', {})().redact('plain words')).toBe('plain words')
  })
})
