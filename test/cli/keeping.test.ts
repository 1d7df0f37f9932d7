/** `backup`, `restore`, `data` and `uninstall` as a person calls them. */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { fillJournal, livedHome, newFolder, removeHomes } from '../service/backup/livedHome.ts'
import { call, newHome } from './command.ts'

afterEach(removeHomes)

describe('backup and restore', () => {
  it('goes to another home and back, encrypted with a passphrase out of a variable', async () => {
    const paths = livedHome()
    const file = join(newFolder(), 'mine.backup')
    const environment = { MY_PASS: 'correct horse' }
    const saved = await call(['backup', file, '--passphrase-env', 'MY_PASS', '--workspace', '--home', paths.home], {
      environment,
    })
    expect(saved).toMatchObject({ code: 0, err: '' })
    expect(saved.out).toMatch(/Saved and proved.*events: 7/)
    const moved = newHome('moved')
    const words = ['restore', file, '--home', moved.home]
    expect(await call(words)).toMatchObject({ code: 1, err: expect.stringMatching(/is encrypted.*\n.*unchanged/s) })
    const wrong = await call([...words, '--passphrase-env', 'MY_PASS'], { environment: { MY_PASS: 'wrong one' } })
    expect(wrong).toMatchObject({ code: 1, err: expect.stringMatching(/not the passphrase/) })
    expect(await call([...words, '--passphrase-env', 'MY_PASS'], { environment })).toMatchObject({ code: 0 })
    expect(readFileSync(moved.env, 'utf8')).toMatch(/sk-secret/)
    expect(readFileSync(join(moved.workspace, 'notes/a.txt'), 'utf8')).toBe('a note')
  })

  it('asks before it goes over a home, keeps it, and goes back', async () => {
    const paths = livedHome()
    const file = join(newFolder(), 'b')
    await call(['backup', file, '--home', paths.home])
    fillJournal(paths.agentDb, 5, 'later')
    const words = ['restore', file, '--home', paths.home]
    expect(await call(words)).toMatchObject({ code: 2, err: expect.stringMatching(/--yes/) })
    const dry = await call([...words, '--dry-run'])
    expect(dry).toMatchObject({ code: 0, out: expect.stringMatching(/whole.*7 events/) })
    const done = await call([...words, '--yes', '--json'])
    expect(JSON.parse(done.out)).toMatchObject({
      ended: 1,
      manifest: { databases: { agent: { rows: { events: 7 } } } },
    })
    expect(await call(['restore', '--back', '--home', paths.home])).toMatchObject({ code: 0 })
    const again = await call(['restore', '--back', '--home', paths.home])
    expect(again).toMatchObject({ code: 1, err: expect.stringMatching(/no restore to go back/) })
  })

  it('never writes over a file, nor saves a home that is none', async () => {
    const paths = livedHome()
    const file = join(newFolder(), 'b')
    writeFileSync(file, 'mine')
    expect((await call(['backup', file, '--home', paths.home])).code).toBe(2)
    expect(readFileSync(file, 'utf8')).toBe('mine')
    const none = newHome()
    expect((await call(['backup', '--home', none.home])).code).toBe(2)
    expect(existsSync(none.home)).toBe(false)
  })

  it('takes a passphrase from a descriptor, and no short one', async () => {
    const paths = livedHome()
    const file = join(newFolder(), 'b')
    const words = ['backup', file, '--passphrase-env', 'P', '--home', paths.home]
    expect(await call(words, { environment: { P: 'short' } })).toMatchObject({
      code: 2,
      err: expect.stringMatching(/8 letters/),
    })
    expect(await call(['backup', file, '--passphrase-fd', '0', '--home', paths.home])).toMatchObject({ code: 2 })
    expect(await call(['backup', file, '--passphrase', '--home', paths.home])).toMatchObject({
      code: 2,
      err: expect.stringMatching(/--passphrase-fd/),
    })
    expect(existsSync(file)).toBe(false)
  })

  it('speaks Korean', async () => {
    const paths = livedHome()
    writeFileSync(paths.settings, 'language: ko\n')
    const { out } = await call(['backup', '--home', paths.home])
    expect(out).toMatch(/저장하고 확인했습니다/)
    expect(readdirSync(paths.backups)).toEqual([expect.stringMatching(/^ottugi-.*\.backup$/)])
  })
})

describe('data', () => {
  it('says what there is, what would go, and removes it', async () => {
    const paths = livedHome()
    writeFileSync(join(paths.logs, 'agent.1.jsonl'), 'x'.repeat(5_000))
    const home = ['--home', paths.home]
    expect(JSON.parse((await call(['data', 'stats', '--json', ...home])).out)).toMatchObject({ logs: 5_000 })
    const dry = await call(['data', 'clear', 'logs', 'sessions', '--dry-run', '--json', ...home])
    expect(JSON.parse(dry.out)).toMatchObject({
      removed: false,
      files: [{ area: 'logs', count: 1, bytes: 5_000 }],
      rows: {},
    })
    expect((await call(['data', 'clear', 'logs', ...home])).code).toBe(2)
    expect((await call(['data', 'clear', 'everything', '--yes', ...home])).code).toBe(2)
    expect(await call(['data', 'clear', 'logs', '--yes', ...home])).toMatchObject({
      code: 0,
      out: expect.stringMatching(/removed: logs, 1/),
    })
    expect(readdirSync(paths.logs)).toEqual([])
    expect(await call(['data', 'prune', ...home])).toMatchObject({
      code: 0,
      out: expect.stringMatching(/Nothing to remove/),
    })
  })
})

describe('uninstall', () => {
  it('says what stays, and removes only what is ours', async () => {
    const paths = livedHome()
    const home = ['--home', paths.home]
    const dry = await call(['uninstall', '--dry-run', '--purge', ...home])
    expect(dry).toMatchObject({ code: 0, out: expect.stringMatching(/removes for good/) })
    expect(await call(['uninstall', '--purge', ...home])).toMatchObject({
      code: 2,
      err: expect.stringMatching(/--yes/),
    })
    expect(await call(['uninstall', ...home])).toMatchObject({ code: 0, out: expect.stringMatching(/stays: /) })
    expect(existsSync(paths.agentDb)).toBe(true)
    writeFileSync(join(paths.home, 'mine.txt'), 'mine')
    expect((await call(['uninstall', '--purge', '--yes', ...home])).code).toBe(0)
    expect(readdirSync(paths.home)).toEqual(['mine.txt'])
  })

  it('never touches a folder that is no home', async () => {
    const folder = newFolder()
    mkdirSync(join(folder, 'data'))
    writeFileSync(join(folder, 'data', 'thesis.txt'), 'mine')
    expect((await call(['uninstall', '--purge', '--yes', '--home', folder])).code).toBe(2)
    expect(readdirSync(join(folder, 'data'))).toEqual(['thesis.txt'])
  })
})
