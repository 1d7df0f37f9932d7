/** The git tools with real repositories, also with one that wants to run programs. */
import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openWorkshop, saidBy, type Workshop } from './workshop.ts'

let shop: Workshop
beforeEach(() => {
  shop = openWorkshop()
  git('init', '-q', '-b', 'main')
})
afterEach(() => shop.leave())

function git(...args: string[]): string {
  const env = {
    PATH: process.env['PATH'] ?? '',
    HOME: shop.home,
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_CONFIG_NOSYSTEM: '1',
  }
  const who = ['-c', 'user.name=T', '-c', 'user.email=t@localhost', '-C', shop.workspace]
  return execFileSync('git', [...who, ...args], { encoding: 'utf8', env, stdio: ['ignore', 'pipe', 'ignore'] })
}

const settings = { search: { engine: 'none', url: '' }, git: { name: 'Agent', email: 'a@b' } } as const

describe('one after the other', () => {
  it('status, commit, diff and log', async () => {
    shop.file('a.txt', 'one\n')
    shop.file('나.txt', 'two\n')
    expect(await shop.call('git_status', {})).toEqual({
      ok: true,
      text: '## No commits yet on main\n?? a.txt\n?? 나.txt',
    })
    const committed = await shop.call('git_commit', { message: 'Begin\n\nwhy', files: ['a.txt'] }, { settings })
    expect(saidBy(committed)).toMatch(/^\[main \(root-commit\) [0-9a-f]+\] Begin\n 1 file changed/)
    expect(git('log', '--format=%an <%ae> %cn %B')).toBe('Agent <a@b> Agent Begin\n\nwhy\n\n')
    shop.file('a.txt', 'ONE\n')
    expect(saidBy(await shop.call('git_diff', { files: ['a.txt'] }))).toContain('-one\n+ONE')
    expect(await shop.call('git_diff', { staged: true })).toEqual({ ok: true, text: 'No difference.' })
    git('add', 'a.txt')
    expect(saidBy(await shop.call('git_diff', { staged: true }))).toContain('a.txt | 2 +-')
    expect(saidBy(await shop.call('git_log', { count: 1 }))).toMatch(/^[0-9a-f]+ \S+ Agent: Begin$/)
    expect(await shop.call('git_log', { files: ['나.txt'] })).toEqual({ ok: true, text: 'No commits.' })
    expect((await shop.call('git_commit', { message: 'Rest' }, { settings })).ok).toBe(true)
    expect(await shop.call('git_commit', { message: 'Nothing' }, { settings })).toMatchObject({
      ok: false,
      reason: 'there is nothing to commit',
    })
    expect(await shop.call('git_status', {})).toEqual({ ok: true, text: '## main\n?? 나.txt' })
  })

  it('commits the taking away of a file, and a message that looks like an option', async () => {
    shop.file('gone.txt', 'x')
    await shop.call('git_commit', { message: '--amend', files: ['gone.txt'] })
    execFileSync('rm', [join(shop.workspace, 'gone.txt')])
    expect((await shop.call('git_commit', { message: 'Take it away', files: ['gone.txt'] })).ok).toBe(true)
    expect(git('log', '--format=%s')).toBe('Take it away\n--amend\n')
    expect(git('ls-files')).toBe('')
  })
})

it('keeps our own folder out of what is seen and committed', async () => {
  shop.file('.ottugi/output/x.txt', 'x')
  shop.file('a.txt', 'x')
  expect(await shop.call('git_status', {})).toEqual({ ok: true, text: '## No commits yet on main\n?? a.txt' })
  expect((await shop.call('git_commit', { message: 'all', files: ['.'] })).ok).toBe(true)
  expect(git('ls-files')).toBe('a.txt\n')
})

describe('bad input', () => {
  it.each(['--output=/tmp/x', '-p', 'a b', '$(id)', 'x\ny', ''])('takes no revision like %j', async (revision) => {
    shop.file('a.txt', 'one\n')
    await shop.call('git_commit', { message: 'x', files: ['a.txt'] })
    for (const tool of ['git_log', 'git_diff']) {
      expect(await shop.call(tool, { revision })).toMatchObject({
        ok: false,
        reason: expect.stringContaining('is no name of a commit'),
      })
    }
  })

  it('says that there is no such commit, no repository, nothing outside', async () => {
    shop.file('a.txt', 'one\n')
    await shop.call('git_commit', { message: 'x', files: ['a.txt'] })
    expect((await shop.call('git_log', { revision: 'nobody' })).ok).toBe(false)
    for (const files of [['../secret.txt'], ['/etc/passwd'], ['a\0b']]) {
      expect((await shop.call('git_commit', { message: 'x', files })).ok).toBe(false)
      expect((await shop.call('git_diff', { files })).ok).toBe(false)
    }
    expect((await shop.call('git_commit', { message: 'x', files: [':(top)*'] })).ok).toBe(false)
    expect((await shop.call('git_status', { repo: '..' })).ok).toBe(false)
    expect((await shop.call('git_status', {}, { signal: AbortSignal.abort() })).ok).toBe(false)
  })

  it('goes to no repository above the workspace', async () => {
    execFileSync('rm', ['-r', join(shop.workspace, '.git')])
    execFileSync('git', ['-C', shop.home, 'init', '-q'])
    expect(await shop.call('git_status', {})).toMatchObject({ ok: false, reason: '. is in no git repository' })
    writeFileSync(join(shop.workspace, '.git'), `gitdir: ${shop.home}/.git\n`)
    expect(await shop.call('git_status', {})).toMatchObject({
      ok: false,
      reason: expect.stringContaining('outside the workspace'),
    })
  })
})

it('runs no program that the repository names', async () => {
  const trap = (name: string) => `touch '${join(shop.home, name)}'; cat`
  shop.file('a.bin', 'one\n')
  shop.file('.gitattributes', '*.bin filter=evil diff=evil merge=evil\n')
  await shop.call('git_commit', { message: 'x', files: ['a.bin', '.gitattributes'] })
  const evil: Readonly<Record<string, string>> = {
    'core.fsmonitor': trap('fsmonitor'),
    'core.pager': trap('pager'),
    'core.editor': trap('editor'),
    'core.sshCommand': trap('ssh'),
    'core.hooksPath': join(shop.workspace, 'hooks'),
    'diff.external': trap('external'),
    'diff.evil.command': trap('command'),
    'diff.evil.textconv': trap('textconv'),
    'filter.evil.clean': trap('clean'),
    'filter.evil.smudge': trap('smudge'),
    'filter.evil.process': trap('process'),
    'filter.evil.required': 'true',
    'gpg.program': trap('gpg'),
    'commit.gpgSign': 'true',
    'log.showSignature': 'true',
    'credential.helper': `!${trap('helper')}`,
  }
  for (const [name, value] of Object.entries(evil)) git('config', name, value)
  for (const hook of [
    'pre-commit',
    'post-commit',
    'commit-msg',
    'prepare-commit-msg',
    'post-index-change',
    'reference-transaction',
  ]) {
    shop.file(`hooks/${hook}`, `#!/bin/sh\n${trap('hook')} </dev/null\n`, 0o755)
    shop.file(`.git/hooks/${hook}`, `#!/bin/sh\n${trap('hook')} </dev/null\n`, 0o755)
  }
  shop.file('a.bin', 'two\n')
  expect(saidBy(await shop.call('git_status', {}))).toContain(' M a.bin')
  expect(saidBy(await shop.call('git_diff', {}))).toContain('+two')
  expect(saidBy(await shop.call('git_commit', { message: 'again', files: ['a.bin'] }))).toContain('again')
  expect(saidBy(await shop.call('git_log', {}))).toContain('again')
  expect(Object.keys(evil).length).toBe(16)
  const traps = [
    'fsmonitor',
    'pager',
    'editor',
    'ssh',
    'external',
    'command',
    'textconv',
    'clean',
    'smudge',
    'process',
    'gpg',
    'helper',
    'hook',
  ]
  expect(traps.filter((name) => existsSync(join(shop.home, name)))).toEqual([])
  expect(readFileSync(join(shop.workspace, 'a.bin'), 'utf8')).toBe('two\n')
})
