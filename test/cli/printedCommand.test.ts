/** Every command that we print works as it is printed. */
import { execFileSync } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { table } from '../../src/shared/messages/table.ts'
import { appRoot } from '../../src/shared/paths.ts'
import { commandAnywhere, npmOrOttugi, printedCommand, shellWord } from '../../src/shared/printedCommand.ts'
import { call, emptyFolder, newHome } from './command.ts'

const BIN = join(appRoot, 'bin', 'ottugi')

/** Runs a printed line as a person would: pasted into a shell. */
function paste(line: string, cwd: string): string {
  const env = { PATH: process.env['PATH'] ?? '', HOME: homedir(), LANG: 'C.UTF-8' }
  return execFileSync('sh', ['-c', line], { cwd, env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] })
}

describe('the program', () => {
  it('is npx in the folder of the checkout, and the whole path elsewhere', () => {
    expect(printedCommand('status')).toBe('npx ottugi status')
    expect(commandAnywhere('status')).toBe(`${BIN} status`)
    expect(npmOrOttugi('start', appRoot)).toBe('npm start')
    expect(npmOrOttugi('status', appRoot)).toBe('npm run status')
    expect(npmOrOttugi('stop', '/home/me/my home')).toBe("npx ottugi stop --home '/home/me/my home'")
  })

  it('names the home where it is not the default one, whatever letters are in it', () => {
    const home = join(emptyFolder(), "it's 내 집 $HOME")
    mkdirSync(home)
    for (const line of [printedCommand('config path', home), commandAnywhere('config path', home)]) {
      expect(paste(line, appRoot)).toBe(`${join(home, 'ottugi.yaml')}\n`)
    }
    expect(paste(commandAnywhere('config path', home), '/')).toBe(`${join(home, 'ottugi.yaml')}\n`)
  })

  it('quotes what a shell would read', () => {
    for (const word of ["a'b", 'a b', '$(id)', '`id`', '"', 'a\\b', '~', '*', 'ü']) {
      expect(paste(`printf %s ${shellWord(word)}`, '/')).toBe(word)
    }
  })
})

describe('the texts', () => {
  it.each(Object.entries(table))(
    '%s names no command by itself: a program has another name elsewhere',
    (_, message) => {
      for (const words of Object.values(message)) expect(words).not.toMatch(/\b(npx )?ottugi [a-z]/)
    },
  )
})

describe('what a terminal prints', () => {
  const NAMED = /(?:npx ottugi|\S*\/bin\/ottugi) [^\n]*?(?= {2,}|$)/gm

  it.each([
    ['status', 0],
    ['health', 69],
    ['dashboard', 69],
    ['restart', 69],
    ['incidents I1', 1],
    ['alerts I1', 1],
    ['confg', 2],
    ['run -e hello', 69],
  ])('%s: every command in it is one', async (words, expected) => {
    const { home } = newHome("that's it")
    for (const cwd of [appRoot, '/']) {
      const { code, out, err } = await call([...words.split(' '), '--home', home], { cwd })
      expect(code).toBe(expected)
      const printed = `${out}${err}`.match(NAMED) ?? []
      expect(printed.length, `${out}${err}`).toBeGreaterThan(0)
      for (const line of printed) expect(paste(`${line.replace(/ --help$/, '')} --help`, cwd)).toMatch(/^Usage: ottugi/)
    }
  })
})
