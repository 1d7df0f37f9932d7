import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { lineOfVariable, readEnvFile, setEnvVariable } from '../../../src/shared/config/envFile.ts'

let folder: string
let file: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ottugi-env-'))
  file = join(folder, '.env')
})

afterEach(() => rmSync(folder, { recursive: true, force: true }))

function variablesIn(path: string): Record<string, string> {
  const result = readEnvFile(path)
  if (!result.ok) throw new Error(JSON.stringify(result))
  return Object.fromEntries(result.variables)
}

describe('an env file', () => {
  it('is empty where it is missing', () => {
    expect(readEnvFile(file)).toEqual({ ok: true, variables: new Map(), text: '' })
  })

  it('is made for its owner alone, and made so again', () => {
    expect(setEnvVariable(file, 'A_KEY', 'one')).toEqual({ ok: true, replaced: false })
    chmodSync(file, 0o644)
    expect(setEnvVariable(file, 'A_KEY', 'two')).toEqual({ ok: true, replaced: true })
    expect([readFileSync(file, 'utf8'), statSync(file).mode & 0o777]).toEqual(['A_KEY=two\n', 0o600])
  })

  it('keeps every other line', () => {
    writeFileSync(file, '# mine\nexport A=1 # one\nLONG="x\ny"\n\nB=2\nA=3\n# end')
    expect(setEnvVariable(file, 'A', 'x y#z').ok).toBe(true)
    expect(readFileSync(file, 'utf8')).toBe('# mine\nA=\'x y#z\'\nLONG="x\ny"\n\nB=2\n# end')
    expect(setEnvVariable(file, 'LONG', 'short').ok).toBe(true)
    expect(setEnvVariable(file, 'C', 'new').ok).toBe(true)
    expect(readFileSync(file, 'utf8')).toBe("# mine\nA='x y#z'\nLONG=short\n\nB=2\n# end\nC=new\n")
  })

  it('gives back any value of one line, or refuses it and stays as it was', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (value) => {
        writeFileSync(file, 'OTHER=1\n')
        const result = setEnvVariable(file, 'SECRET', value)
        expect(variablesIn(file)).toEqual(result.ok ? { OTHER: '1', SECRET: value } : { OTHER: '1' })
      }),
      { numRuns: 300 },
    )
  })

  it.each([
    ['BAD-NAME', 'x', 'bad-name'],
    ['1ST', 'x', 'bad-name'],
    ['A=B', 'x', 'bad-name'],
    ['A', 'one\ntwo', 'newline'],
    ['A', 'one\rtwo', 'newline'],
    ['A', '\'"`', 'unquotable'],
  ])('refuses %s=%j', (name, value, reason) => {
    expect(setEnvVariable(file, name, value)).toEqual({ ok: false, reason })
  })

  it('does not touch a value that only looks like the line', () => {
    const text = 'TEXT="first\nA=inside\nlast"\n'
    writeFileSync(file, text)
    expect(setEnvVariable(file, 'A', 'new')).toEqual({ ok: false, reason: 'unquotable' })
    expect(readFileSync(file, 'utf8')).toBe(text)
  })

  it('says why it cannot be read or written', () => {
    expect(setEnvVariable(folder, 'A', 'x')).toMatchObject({ ok: false, reason: 'unreadable' })
    expect(setEnvVariable(join(folder, 'missing', '.env'), 'A', 'x')).toEqual({
      ok: false,
      reason: 'unwritable',
      code: 'ENOENT',
    })
  })

  it('knows the line of a variable, the one that counts', () => {
    expect(lineOfVariable('# x\nA=1\nB=2\n  export A = 3\n', 'A')).toBe(4)
    expect(lineOfVariable('AA=1\n', 'A')).toBeUndefined()
  })
})
