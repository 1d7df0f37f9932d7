/** Laws of the gates over random commands. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Verdict } from '../../../src/agent/gates/verdict.ts'
import { build, called, shell } from './build.ts'
import { ALLOWED, ASKED, DENIED } from './commands.ts'

const gates = build()
const STRICTNESS: Readonly<Record<Verdict['verdict'], number>> = { allow: 0, ask: 1, deny: 2 }
const strictness = (command: string) => STRICTNESS[gates.judge(shell(command)).verdict]
const one = (commands: readonly string[]) => fc.constantFrom(...commands)
const oneLine = (commands: readonly string[]) => commands.filter((command) => !/[\n#]|<<|&$/.test(command))
const quoted = (command: string) => `'${command.replaceAll("'", `'\\''`)}'`

const SUFFIXES: readonly ((command: string, bad: string) => string)[] = [
  (command, bad) => `${command}; ${bad}`,
  (command, bad) => `${command} && ${bad}`,
  (command, bad) => `${command} || ${bad}`,
  (command, bad) => `${command} | ${bad}`,
  (command, bad) => `${command} |& ${bad}`,
  (command, bad) => `${command} & ${bad}`,
  (command, bad) => `${command}\n${bad}`,
  (command, bad) => `${command} $( ${bad})`,
  (command, bad) => `${command} "$( ${bad})"`,
  (command, bad) => `${command} <(${bad})`,
  (command, bad) => `(${command}; ${bad})`,
  (command, bad) => `{ ${command}; ${bad}\n}`,
  (command, bad) => `if ${command}; then ${bad}\nfi`,
  (command, bad) => `f() { ${bad}\n}; ${command}`,
  (command, bad) => `${bad}; ${command}`,
  (command, bad) => `${command}; sh -c ${quoted(bad)}`,
  (command, bad) => `${command}; eval ${quoted(bad)}`,
]

const WRAPS: readonly ((command: string) => string)[] = [
  (command) => `env ${command}`,
  (command) => `env -i LANG=C ${command}`,
  (command) => `nice -n 5 ${command}`,
  (command) => `timeout -k 1 5 ${command}`,
  (command) => `nohup ${command}`,
  (command) => `setsid ${command}`,
  (command) => `stdbuf -oL ${command}`,
  (command) => `command ${command}`,
  (command) => `exec ${command}`,
  (command) => `busybox ${command}`,
  (command) => `xargs -n 1 ${command}`,
  (command) => `time ${command}`,
  (command) => `find . -exec ${command} ';'`,
  (command) => `sh -c ${quoted(command)}`,
  (command) => `bash -ec ${quoted(command)}`,
  (command) => `eval ${quoted(command)}`,
]

/** Words of the grammar: they mean what they mean at the beginning of a command only. */
const FRAMES: readonly ((command: string) => string)[] = [
  (command) => command,
  (command) => `! ${command}`,
  (command) => `(${command})`,
  (command) => `if ${command}; then ls; fi`,
]

/** Simple commands: a wrapper takes one of them, and builtins and keywords mean something else behind it. */
const SIMPLE = [...ALLOWED, ...ASKED, ...DENIED].filter(
  (command) =>
    /^[\w./\\'"$-]+( |$)/.test(command) &&
    !/[;&|<>\n(){}`#]|^(time|case|if|for|while|until|select|coproc|function|f|ls\(\)|[A-Z_]\w*\+?=)/.test(command),
)

describe('laws', () => {
  it('what is refused is never let through or asked for being added to something that is allowed', () => {
    const law = fc.property(
      one(oneLine(ALLOWED)),
      one(oneLine(DENIED)),
      fc.constantFrom(...SUFFIXES),
      (command, bad, suffix) => {
        expect(suffix(command, bad)).toSatisfy((text: string) => strictness(text) > 0)
      },
    )
    fc.assert(law, { numRuns: 800 })
  })

  it('what is refused stays refused in each of these places', () => {
    const readable = oneLine(DENIED).filter((command) => gates.judge(shell(command)).rule !== 'form.broken')
    const law = fc.property(one(readable), fc.constantFrom(...SUFFIXES), (bad, suffix) => {
      expect({ text: suffix('ls', bad), strictness: strictness(suffix('ls', bad)) }).toMatchObject({ strictness: 2 })
    })
    fc.assert(law, { numRuns: 800 })
  })

  it('no wrapper makes a verdict looser, and none of two', () => {
    const law = fc.property(
      one(SIMPLE),
      fc.array(fc.constantFrom(...WRAPS), { minLength: 1, maxLength: 2 }),
      fc.constantFrom(...FRAMES),
      (command, wraps, frame) => {
        const wrapped = frame(wraps.reduce((inner, wrap) => wrap(inner), command))
        expect({ wrapped, isLooser: strictness(wrapped) < strictness(command) }).toEqual({ wrapped, isLooser: false })
      },
    )
    fc.assert(law, { numRuns: 800 })
  })

  it('answers for every text', () => {
    const pieces = fc.constantFrom(
      ...'$ ( ) { } [ ] < > & | ; ` " \' \\ \n ! # * ? ~ = - + @ % ^ , . / 0 1 a rm sudo ls -rf << E <( $( ${ $(( (( [[ ]] if then fi do done case esac in for while function eval sh -c 가'.split(
        ' ',
      ),
    )
    const texts = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.string(),
      fc.array(pieces, { maxLength: 40 }).map((all) => all.join('')),
      fc.array(pieces, { maxLength: 40 }).map((all) => all.join(' ')),
    )
    fc.assert(
      fc.property(texts, (text) => {
        expect(STRICTNESS).toHaveProperty(gates.judge(shell(text)).verdict)
      }),
      { numRuns: 800 },
    )
  })

  it('answers for every call', () => {
    const tools = fc.oneof(fc.constantFrom('shell', 'read_file', 'http_fetch', 'glob', 'git_commit'), fc.string())
    fc.assert(
      fc.property(tools, fc.anything(), fc.string(), (tool, input, path) => {
        for (const value of [input, { path, url: path, command: path }]) {
          const { verdict } = gates.judge(called(tool, JSON.parse(JSON.stringify(value) ?? 'null')))
          expect(STRICTNESS).toHaveProperty(verdict)
        }
      }),
      { numRuns: 500 },
    )
  })

  it('no path outside of the workspace is let through, however it is written', () => {
    const parts = fc.array(fc.constantFrom('..', '.', '', 'a', 'b'), { maxLength: 8 })
    fc.assert(
      fc.property(parts, fc.boolean(), (names, isAbsolute) => {
        const path = `${isAbsolute ? '/' : ''}${names.join('/')}`
        const leaves =
          isAbsolute ||
          names.reduce(
            (depth, name) =>
              Math.min(depth, 0) < 0 ? -1 : name === '..' ? depth - 1 : name === '.' || name === '' ? depth : depth + 1,
            0,
          ) < 0
        const { verdict } = gates.judge(called('read_file', { path }))
        if (leaves && !names.join('/').startsWith('/')) expect({ path, verdict }).toEqual({ path, verdict: 'deny' })
      }),
      { numRuns: 500 },
    )
  })

  it('an owner who allows everything still never gets what is protected', () => {
    const rules = [{ tool: '*', match: '*', verdict: 'allow' as const, reason: 'x' }]
    const open = build({ rules, mode: 'all' })
    const bad = fc.constantFrom(
      'sudo ls',
      'cat /etc/shadow',
      'rm -rf /',
      'ottugi stop',
      'PATH=. ls',
      '$X',
      'mount a b',
      'cat ../.env',
    )
    fc.assert(
      fc.property(one(oneLine(ALLOWED)), bad, fc.constantFrom(...SUFFIXES), (command, one, suffix) => {
        const text = suffix(command, one)
        expect({ text, verdict: open.judge(shell(text)).verdict }).toEqual({ text, verdict: 'deny' })
      }),
      { numRuns: 500 },
    )
  })
})
