/** Commands of the shell: what is let through, what is asked, what is refused, whatever it is written like. */
import { describe, expect, it } from 'vitest'
import { build, shell } from './build.ts'
import { ALLOWED, ASKED, DENIED } from './commands.ts'

const gates = build()
const wrong = (commands: readonly string[], expected: string) =>
  commands.flatMap((command) => {
    const { verdict, rule } = gates.judge(shell(command))
    return verdict === expected ? [] : [`${command}: ${verdict} by ${rule}`]
  })

describe('commands', () => {
  it('lets through what only looks', () => expect(wrong(ALLOWED, 'allow')).toEqual([]))
  it('asks before what changes, runs or reaches out', () => expect(wrong(ASKED, 'ask')).toEqual([]))
  it('refuses what harms, and what nobody can read', () => expect(wrong(DENIED, 'deny')).toEqual([]))
})

describe('characters', () => {
  const HIDDEN = [
    '\u0000',
    '\u0007',
    '\u001b[2J',
    '\r',
    '\u00a0',
    '\u2028',
    '\u202e',
    '\u200b',
    '\u2066',
    '\u3164',
    '\ufeff',
    '\u{e0041}',
    '\ud800',
  ]

  it.each(HIDDEN)('refuses %j wherever it stands', (character) => {
    for (const command of [`ls${character}`, `${character}ls`, `ls ${character} a`, `echo 'a${character}b'`]) {
      expect(gates.judge(shell(command))).toMatchObject({ verdict: 'deny', rule: 'form.unseen' })
    }
  })

  it.each(['\u0441at a', 'ｌｓ', 'l\u0073\u0301 a', 'ѕudo ls', '˗rf'])(
    'takes no letter for another one: %j',
    (command) => {
      expect(gates.judge(shell(command))).toMatchObject({ verdict: 'deny' })
    },
  )

  it('refuses control characters that quotes make', () => {
    expect(gates.judge(shell("echo $'a\\x1b[2J'"))).toMatchObject({ verdict: 'deny', rule: 'form.unseen' })
  })

  it('leaves Korean alone', () => {
    expect(gates.judge(shell("grep '안녕' 메모.md"))).toMatchObject({ verdict: 'allow' })
  })
})

describe('size', () => {
  const BIG: readonly (readonly [string, string])[] = [
    ['commands', 'ls; '.repeat(25_000)],
    ['substitutions', '$('.repeat(50_000)],
    ['parentheses', '('.repeat(100_000)],
    ['quotes', '"'.repeat(100_001)],
    ['here-documents', '<<E '.repeat(25_000)],
    ['one word', 'a'.repeat(100_000)],
    ['stars', `ls ${'*'.repeat(99_000)}`],
  ]

  it.each(BIG)('refuses 100 kB of %s', (_name, command) => {
    expect(gates.judge(shell(command))).toMatchObject({ verdict: 'deny', rule: 'form.too-long' })
  })

  it.each(BIG)('answers for as much of %s as it reads', (_name, command) => {
    expect(['allow', 'ask', 'deny']).toContain(gates.judge(shell(command.slice(0, 20_000))).verdict)
  })

  it('does not read commands inside one another for ever', () => {
    const nested = Array.from({ length: 12 }).reduce<string>(
      (inner) => `eval "${inner.replace(/["\\]/g, '\\$&')}"`,
      'ls',
    )
    expect(gates.judge(shell(nested.slice(0, 20_000)))).toMatchObject({ verdict: 'deny' })
    expect(gates.judge(shell(`${'env '.repeat(2_000)}ls`))).toMatchObject({ verdict: 'deny', rule: 'form.too-deep' })
    expect(gates.judge(shell(`${'find . -exec '.repeat(1_000)}ls`))).toMatchObject({ verdict: 'deny' })
  })
})

it('shows exactly what would be done, with nothing hidden in it', () => {
  const { plan } = gates.judge(shell('ls\n\u202erm -rf /'))
  expect(plan).toBe('shell: ls⏎\\u{202e}rm -rf /')
})
