/** What a tool can do to files: everything in its workspace, nothing elsewhere. Each case tries from JavaScript in the child, the strongest place that a tool has. */
import { execFileSync } from 'node:child_process'
import {
  existsSync,
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { appRoot } from '../../../src/shared/paths.ts'
import { CANARY, openSandboxHome, type SandboxHome } from './support.ts'

let home: SandboxHome
beforeAll(async () => {
  home = await openSandboxHome({ fileMb: 4, tmpMb: 6 })
})
afterAll(() => home.leave())

/** Runs it and returns what came back, or the code of the error. */
async function attempt(code: string, arg?: unknown): Promise<string> {
  const report = await home.js(`try { ${code} } catch (error) { return error.code ?? String(error) }`, arg)
  return report.text
}

describe('what is ours stays out of sight', () => {
  it('shows of the home the workspace and nothing else', async () => {
    expect(await attempt(`return fs.readdirSync(arg)`, home.paths.home)).toBe('["run","workspace"]')
    expect(await attempt(`return fs.readdirSync(arg)`, home.paths.run)).toBe('["sandbox-cache"]')
  })

  it.each([
    ['.env', (at: SandboxHome['paths']) => at.env],
    ['settings', (at: SandboxHome['paths']) => at.settings],
    ['the journal', (at: SandboxHome['paths']) => at.agentDb],
    ['the database of the watchdog', (at: SandboxHome['paths']) => at.watchdogDb],
    ['backups', (at: SandboxHome['paths']) => join(at.backups, 'a.db')],
    ['logs', (at: SandboxHome['paths']) => at.logOf('agent')],
  ])('cannot read %s by its absolute path', async (_, pathOf) => {
    const path = pathOf(home.paths)
    expect(readFileSync(path, 'utf8')).toBe(CANARY)
    expect(await attempt(`return fs.readFileSync(arg, 'utf8')`, path)).toBe('ENOENT')
  })

  it.each([
    '../.env',
    '../../../../../../../..$HOME/.env',
    './../data/agent.db',
    'x/../../.env',
    '..//.env',
    './/..//./.env',
  ])('cannot read %s', async (path) => {
    const code = `fs.mkdirSync('x', { recursive: true }); return fs.readFileSync(arg, 'utf8')`
    expect(await attempt(code, path.replace('$HOME', home.paths.home))).toBe('ENOENT')
  })

  it('follows no link out of the workspace, whoever made it', async () => {
    symlinkSync(home.paths.env, join(home.paths.workspace, 'owner-link'))
    symlinkSync(home.paths.home, join(home.paths.workspace, 'owner-folder'))
    expect(await attempt(`return fs.readFileSync('owner-link', 'utf8')`)).toBe('ENOENT')
    expect(await attempt(`return fs.readFileSync('owner-folder/.env', 'utf8')`)).toBe('ENOENT')
    expect(await attempt(`fs.symlinkSync('../.env', 'own-link'); return fs.readFileSync('own-link', 'utf8')`)).toBe(
      'ENOENT',
    )
    expect(
      await attempt(`fs.symlinkSync(arg, 'own-etc'); return fs.readFileSync('own-etc', 'utf8')`, '/etc/shadow'),
    ).toBe('ENOENT')
  })

  it('writes through no link out of the workspace', async () => {
    await attempt(`fs.symlinkSync(arg, 'out'); fs.writeFileSync('out/planted', 'x')`, home.paths.data)
    await attempt(`fs.writeFileSync('../planted', 'x')`)
    expect(existsSync(join(home.paths.data, 'planted'))).toBe(false)
    expect(existsSync(join(home.paths.home, 'planted'))).toBe(false)
  })

  it('wins no race that swaps a folder for a link', async () => {
    const code = `
      fs.mkdirSync('race/real', { recursive: true }); fs.writeFileSync('race/real/.env', 'mine')
      fs.symlinkSync(arg, 'race/link')
      const swapper = childProcess.spawn(process.execPath, ['-e', "const fs = require('fs'); for (;;) { try { fs.renameSync('race/now', 'race/real') } catch {} ; try { fs.renameSync('race/real', 'race/now') } catch {} ; try { fs.unlinkSync('race/now') } catch {} ; try { fs.symlinkSync('" + arg + "', 'race/now') } catch {} ; try { fs.unlinkSync('race/now') } catch {} }"])
      const seen = new Set()
      for (let i = 0; i < 20_000; i++) { try { seen.add(fs.readFileSync('race/now/.env', 'utf8')) } catch (error) { seen.add(error.code) } }
      swapper.kill('SIGKILL')
      return [...seen].join()`
    const report = await home.jsProgram(code, home.paths.home)
    expect(report.how).toBe('done')
    expect(report.text).not.toContain(CANARY)
  })

  it('cannot hard-link what it cannot see', async () => {
    expect(await attempt(`fs.linkSync(arg, 'hard'); return 'linked'`, home.paths.env)).toBe('ENOENT')
    expect(await attempt(`fs.linkSync('/usr/bin/env', 'hard'); return 'linked'`)).toBe('EXDEV')
  })

  it('writes into a hard link that the owner made only what is the workspace’s own', async () => {
    // The owner may link a file into the workspace: then it is the workspace's. Nothing inside can make such a link.
    writeFileSync(join(home.paths.workspace, 'first'), 'a', { mode: 0o666 })
    linkSync(join(home.paths.workspace, 'first'), join(home.paths.workspace, 'second'))
    expect(await attempt(`return fs.readFileSync('second', 'utf8').length > 0 || 'empty'`)).toMatch(/true|EACCES/)
  })

  it('reaches no socket of ours', async () => {
    const server = createServer().listen(home.paths.linkSocket)
    await new Promise((listening) => server.once('listening', listening))
    const code = `return await new Promise((say) => net.connect(arg).on('connect', () => say('connected')).on('error', ({ code }) => say(code)))`
    expect(await attempt(code, home.paths.linkSocket)).toBe('ENOENT')
    await new Promise((closed) => server.close(closed))
  })

  it('survives that its folder is deleted under it', async () => {
    const code = `fs.mkdirSync('gone'); process.chdir('gone'); fs.rmdirSync('../gone'); return fs.readFileSync('../.env', 'utf8')`
    expect(await attempt(code)).toBe('ENOENT')
    expect(await attempt(`return process.cwd() === context.workspace`)).toBe('true')
  })
})

describe('/proc', () => {
  it('shows the processes of the sandbox only', async () => {
    expect(await attempt(`return fs.readdirSync('/proc').filter((name) => /^\\d+$/.test(name)).length`)).toMatch(
      /^[12]$/,
    )
  })

  it.each(['/proc/1/root', '/proc/self/root', '/proc/1/cwd', '/proc/self/cwd/..'])(
    'finds no way out by %s',
    async (base) => {
      expect(await attempt(`return fs.readFileSync(arg, 'utf8')`, base + home.paths.env)).toMatch(
        /^(ENOENT|EACCES|EPERM)$/,
      )
    },
  )

  it('shows no variable of ours in any environ', async () => {
    const code = `return fs.readdirSync('/proc').filter((name) => /^\\d+$/.test(name)).map((pid) => { try { return fs.readFileSync('/proc/' + pid + '/environ', 'utf8') } catch (error) { return error.code } }).join()`
    const text = await attempt(code)
    expect(text).toContain('HOME=')
    expect(text).not.toMatch(/OTTUGI|npm_|VITEST|SECRET|KEY/)
  })

  it.each([
    '/proc/sys/kernel/core_pattern',
    '/proc/sys/kernel/hostname',
    '/proc/sysrq-trigger',
    '/proc/self/oom_score_adj',
  ])('cannot turn %s against the machine', async (path) => {
    expect(await attempt(`fs.writeFileSync(arg, '-1000'); return 'written'`, path)).toMatch(
      /^(EACCES|EPERM|EROFS|ENOENT|EINVAL)$/,
    )
  })

  it.each(['/proc/kcore', '/proc/kmsg', '/proc/1/mem'])('cannot read %s', async (path) => {
    expect(await attempt(`return fs.readSync(fs.openSync(arg), Buffer.alloc(16), 0, 16, 0) + ' bytes'`, path)).toMatch(
      /^(EACCES|EPERM|ENOENT|EIO|EAGAIN)$/,
    )
  })
})

describe('the system', () => {
  it.each([
    '/usr/planted',
    '/etc/planted',
    '/planted',
    '/dev/planted',
    '/dev/shm/planted',
    '/proc/planted',
    '/bin/planted',
  ])('cannot be written: %s', async (path) => {
    expect(await attempt(`fs.writeFileSync(arg, ''); return 'written'`, path)).toMatch(/^(EROFS|EACCES|EPERM|ENOENT)$/)
  })

  it('cannot write what Node keeps of our code for the next child', async () => {
    const cache = join(home.paths.run, 'sandbox-cache')
    expect(readdirSync(cache)).toHaveLength(1)
    expect(await attempt(`fs.writeFileSync(arg + '/planted', ''); return 'written'`, cache)).toBe('EROFS')
  })

  it('cannot write our own code or packages', async () => {
    const code = `return [arg + '/src/planted.ts', arg + '/node_modules/planted', arg + '/package.json'].map((path) => { try { fs.writeFileSync(path, ''); return 'written' } catch (error) { return error.code } }).join()`
    expect(await attempt(code, join(import.meta.dirname, '../../..'))).toBe('EROFS,EROFS,EROFS')
  })

  const hidden = ['/etc/shadow', '/etc/hosts', '/etc/resolv.conf', '/root', '/home', '/var', '/sys', '/run', '/etc/ssh']
  it.each([...hidden, '/mnt'])('does not show %s', async (path) => {
    const shown = await attempt(`return fs.statSync(arg).isDirectory() && fs.readdirSync(arg)`, path)
    // Our own code is to be read where it lies, and the folders on the way to it hold nothing else.
    const [onTheWay] = appRoot.startsWith(`${path}/`) ? appRoot.slice(path.length + 1).split('/') : []
    expect(shown).toBe(onTheWay ? JSON.stringify([onTheWay]) : 'ENOENT')
  })

  it('knows one user, which is not root', async () => {
    expect(await attempt(`return fs.readFileSync('/etc/passwd', 'utf8')`)).toMatch(
      /^ottugi:x:[1-9]\d*:[1-9]\d*::[^\n]*\n$/,
    )
    expect(await attempt(`return process.getuid() > 0`)).toBe('true')
  })

  it('has harmless devices only, and can make none', async () => {
    const code = `return fs.readdirSync('/dev').sort().join()`
    expect(await attempt(code)).toBe(
      'console,core,fd,full,null,ptmx,pts,random,shm,stderr,stdin,stdout,tty,urandom,zero'.replace('console,', ''),
    )
    expect((await home.program(['/usr/bin/mknod', 'disk', 'b', '8', '0'])).text).toMatch(/Operation not permitted/)
  })

  it.each([
    [['/usr/bin/mount', '--bind', '/usr', 'bound']],
    [['/usr/bin/mount', '-t', 'tmpfs', 'none', '/usr']],
    [['/usr/bin/umount', '/usr']],
    [['/usr/bin/mount', '-o', 'remount,rw', '/usr']],
    [['/usr/bin/unshare', '--user', '--map-root-user', '--mount', '/usr/bin/true']],
    [['/usr/bin/bwrap', '--dev-bind', '/', '/', '/usr/bin/true']],
    [['/usr/sbin/chroot', '.', '/usr/bin/true']],
    [['/usr/bin/nsenter', '--target', '1', '--all', '/usr/bin/true']],
    [['/usr/bin/setpriv', '--reuid', '0', '/usr/bin/true']],
  ])('grants no mounts, namespaces or roots: %j', async (command) => {
    mkdirSync(join(home.paths.workspace, 'bound'), { recursive: true })
    const { text } = await home.program(command)
    expect(text).not.toContain('[0]')
    expect(text).toMatch(/\[[1-9]\d*\]$/)
  })

  it('gives a file that it wrote neither root nor set-uid power', async () => {
    await attempt(`fs.writeFileSync('suid', '#!/bin/sh'); fs.chmodSync('suid', 0o6755)`)
    expect(statSync(join(home.paths.workspace, 'suid')).uid).not.toBe(0)
  })

  it('bounds /tmp and every file', async () => {
    const code = `fs.writeFileSync(arg, Buffer.alloc(16 * 1024 * 1024)); return 'written'`
    expect(await attempt(code, '/tmp/big')).toBe('EFBIG')
    expect(await attempt(code, 'big')).toBe('EFBIG')
    const many = `for (let i = 0; i < 9; i++) fs.writeFileSync('/tmp/' + i, Buffer.alloc(1024 * 1024)); return 'written'`
    expect(await attempt(many)).toBe('ENOSPC')
  })
})

describe('folders that the owner named', () => {
  it('are there, for reading, or for writing where they were named so', async () => {
    const shelf = `${home.paths.home}-shelf`
    const desk = `${home.paths.home}-desk`
    for (const folder of [shelf, desk]) {
      mkdirSync(folder)
      writeFileSync(join(folder, 'book'), 'words')
      execFileSync('/usr/bin/chmod', ['-R', 'a+rwX', folder])
    }
    const other = await openSandboxHome({ folders: [shelf, `${desk}:rw`, '/', '/proc', '/nowhere'] })
    try {
      const code = `return arg.map((folder) => { try { const text = fs.readFileSync(folder + '/book', 'utf8'); fs.writeFileSync(folder + '/new', ''); return text } catch (error) { return error.code } }).join()`
      expect((await other.js(code, [shelf, desk, home.paths.workspace])).text).toBe('EROFS,words,ENOENT')
      expect(readdirSync(desk).sort()).toEqual(['book', 'new'])
    } finally {
      await other.leave()
      for (const folder of [shelf, desk]) rmSync(folder, { recursive: true })
    }
  })
})
