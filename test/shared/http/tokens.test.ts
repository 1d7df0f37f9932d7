/** Tokens and login codes. */
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import {
  createLoginCode,
  createToken,
  ensureTokens,
  LOGIN_CODE_MS,
  mayDo,
  redeemLoginCode,
  SCOPES,
  scopeOf,
  tokensFrom,
} from '../../../src/shared/tokens.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ottugi-tokens-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

describe('tokens', () => {
  it('have the form ott_<scope>_<32 bytes>', () => {
    for (const scope of SCOPES) expect(createToken(scope)).toMatch(new RegExp(`^ott_${scope}_[\\w-]{43}$`))
  })

  it('are known by their value, not by their name', () => {
    const token = createToken('read')
    const tokens = tokensFrom(
      new Map([
        ['OTTUGI_TOKEN_READ', token],
        ['OTTUGI_TOKEN', 'short'],
        ['OTHER', createToken('admin')],
      ]),
    )
    expect(tokens).toEqual([{ scope: 'read', token }])
    expect(scopeOf(token, tokens)).toBe('read')
    expect(scopeOf(createToken('admin'), tokens)).toBeUndefined()
    expect(scopeOf('', tokens)).toBeUndefined()
  })

  it('admin may do everything, the others what they name, and read', () => {
    const table = SCOPES.map((scope) => SCOPES.filter((needed) => mayDo(scope, needed)))
    expect(table).toEqual([['read'], ['read', 'chat'], ['read', 'approve'], [...SCOPES]])
  })

  it('are made where they are missing; other lines stay; two makers make one', async () => {
    const env = join(folder, '.env')
    writeFileSync(env, '# mine\nANTHROPIC_API_KEY=abc\n', { mode: 0o600 })
    await Promise.all([ensureTokens(env), ensureTokens(env), ensureTokens(env)])
    const text = readFileSync(env, 'utf8')
    expect(text).toMatch(
      /^# mine\nANTHROPIC_API_KEY=abc\nOTTUGI_TOKEN=ott_admin_[\w-]{43}\nOTTUGI_SESSION_SECRET=[\w-]{43}\n$/,
    )
    expect(statSync(env).mode & 0o777).toBe(0o600)
    expect((await ensureTokens(env)).size).toBe(0)
    expect(readFileSync(env, 'utf8')).toBe(text)
    expect(existsSync(`${env}.lock`)).toBe(false)
  })
})

describe('login codes', () => {
  it('work once, and only their hash is stored', () => {
    const code = createLoginCode(folder)
    expect(readdirSync(folder).join()).not.toContain(code)
    expect(redeemLoginCode(folder, `${code}x`)).toBe(false)
    expect([redeemLoginCode(folder, code), redeemLoginCode(folder, code)]).toEqual([true, false])
    expect(readdirSync(folder)).toEqual([])
  })

  it('run out, and are swept', () => {
    const now = Date.now()
    const code = createLoginCode(folder, now)
    expect(redeemLoginCode(folder, code, now + LOGIN_CODE_MS)).toBe(false)
    createLoginCode(folder, now)
    createLoginCode(folder, now + LOGIN_CODE_MS * 2)
    expect(readdirSync(folder).length).toBe(1)
  })

  it('cannot name a file elsewhere', () => {
    expect(redeemLoginCode(folder, '../../etc/passwd')).toBe(false)
  })
})
