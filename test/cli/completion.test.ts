/** Completion as a shell sees it. */
import { execFileSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { call, emptyFolder } from './command.ts'

let bash = ''
beforeAll(async () => {
  bash = (await call(['completion', 'bash'])).out
})

/** What bash offers for the last of these words. */
function offers(...words: string[]): string[] {
  const script = join(emptyFolder(), 'ottugi.bash')
  writeFileSync(script, bash)
  // biome-ignore lint/suspicious/noTemplateCurlyInString: it is bash
  const ask = 'source "$1"; shift; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _ottugi; printf "%s\\n" "${COMPREPLY[@]}"'
  const out = execFileSync('bash', ['-c', ask, 'bash', script, ...words], { encoding: 'utf8' })
  return out.split('\n').filter(Boolean)
}

describe('bash', () => {
  it('takes the script', () => {
    expect(execFileSync('bash', ['-n'], { input: bash, encoding: 'utf8' })).toBe('')
    const script = join(emptyFolder(), 'ottugi.bash')
    writeFileSync(script, bash)
    const registered = execFileSync('bash', ['-c', 'source "$1"; complete -p ottugi', 'bash', script])
    expect(String(registered)).toBe('complete -F _ottugi ottugi\n')
  })

  it.each([
    [['ottugi', 'con'], ['config']],
    [
      ['ottugi', 'st'],
      ['start', 'stop', 'status'],
    ],
    [['ottugi', 'config', 'get', 'watchdog.hang'], ['watchdog.hangMs']],
    [
      ['ottugi', 'config', 'secret', ''],
      ['set', 'list', '--help'],
    ],
    [['ottugi', 'logs', 'agent', '--f'], ['--follow']],
    [
      ['ottugi', 'restart', 'a'],
      ['agent', 'all'],
    ],
    [['ottugi', 'help', 'inc'], ['incidents']],
    [['ottugi', '--home', '/x', 'maint'], ['maintenance']],
    [['ottugi', 'nothing', 'of', 'ours'], []],
  ])('%j', (words, expected) => {
    expect(offers(...words)).toEqual(expected)
  })

  it('offers folders after --home, and nothing that only our processes use', () => {
    const folder = emptyFolder()
    mkdirSync(join(folder, 'here'))
    expect(offers('ottugi', 'status', '--home', join(folder, 'he'))).toEqual([join(folder, 'here')])
    expect(offers('ottugi', 'start', '--')).toEqual(['--json', '--help'])
  })
})

it('zsh runs the same function through bashcompinit', async () => {
  const { code, out } = await call(['completion', 'zsh'])
  expect(code).toBe(0)
  expect(out.split('\n').slice(0, 2)).toEqual(['#compdef ottugi', 'autoload -U +X bashcompinit && bashcompinit'])
  expect(out.endsWith(bash)).toBe(true)
})

it('fish has a line a word, each under its own condition', async () => {
  const { code, out } = await call(['completion', 'fish'])
  expect(code).toBe(0)
  const lines = out.trimEnd().split('\n').slice(1)
  expect(lines).toContain("complete -c ottugi -f -n '__fish_use_subcommand' -a config")
  expect(lines).toContain(
    "complete -c ottugi -f -n '__fish_seen_subcommand_from config; and __fish_seen_subcommand_from get' -l json",
  )
  for (const line of lines) expect(line).toMatch(/^complete -c ottugi -f -n '[^']+' (-a|-l) [\w.-]+$/)
})
