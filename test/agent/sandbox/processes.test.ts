/** What a tool can do with processes: nothing outlives its call or its sandbox, and nothing outside is touched. */
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openSandboxHome, processesWith, type SandboxHome } from './support.ts'

let home: SandboxHome
beforeAll(async () => {
  home = await openSandboxHome({ processes: 64, memoryMb: 300, writeMb: 32, cpuSec: 600 })
})
afterAll(() => home.leave())

const gone = (word: string) => expect.poll(() => processesWith(word), { timeout: 30_000 }).toEqual([])
const python = (code: string) => ['/usr/bin/python3', '-c', code]

describe('the end of a call is the end of what it started', () => {
  it.each([
    ['a child in the background', `childProcess.spawn('/usr/bin/sleep', ['7101'])`, '7101'],
    [
      'a daemon',
      `childProcess.spawn('/usr/bin/setsid', ['-f', '/usr/bin/sleep', '7102'], { detached: true }).unref()`,
      '7102',
    ],
    [
      'a grandchild',
      `childProcess.spawn('/usr/bin/env', ['bash', '-c', '(sleep 7103 &) ; (setsid sleep 7103 &)'])`,
      '7103',
    ],
    [
      'one that ignores signals',
      `childProcess.spawn('/usr/bin/env', ['bash', '-c', "trap '' TERM HUP INT QUIT USR1; sleep 7104; sleep 7104"])`,
      '7104',
    ],
  ])('%s', async (_, start, word) => {
    const report = await home.jsProgram(`${start}; await new Promise((go) => setTimeout(go, 200)); return 'left'`)
    expect(report.text).toBe('left')
    await gone(word)
  })

  it('keeps the child of a session that left nothing', async () => {
    expect((await home.jsProgram(`state.mark = 'here'; return 'x'`, 0, 'kept')).text).toBe('x')
    expect((await home.jsProgram(`return state.mark`, 0, 'kept')).text).toBe('here')
  })
})

describe('the deadline ends everything', () => {
  it.each([
    ['a program that hangs', ['/usr/bin/sleep', '7201'], '7201'],
    [
      'one that ignores signals',
      ['/usr/bin/env', 'bash', '-c', "trap '' TERM HUP INT; sleep 7202; sleep 7202"],
      '7202',
    ],
    [
      'a double fork',
      python(
        'import os,time\nif os.fork()==0:\n  os.setsid()\n  if os.fork()==0:\n    os.execv("/usr/bin/sleep",["sleep","7203"])\n  os._exit(0)\ntime.sleep(7203)',
      ),
      '7203',
    ],
    ['a process that is stopped', ['/usr/bin/env', 'bash', '-c', 'sleep 7204 & kill -STOP $!; wait'], '7204'],
    [
      'a fork bomb',
      python('import os,sys\nsys.argv\nwhile True:\n  try: os.fork()\n  except OSError: pass\n# 7205'),
      '7205',
    ],
    ['an endless stream', ['/usr/bin/env', 'bash', '-c', 'while :; do echo 7206; done'], '7206'],
  ])('%s', async (_, command, word) => {
    const report = await home.run('short_program', { command })
    expect(report).toMatchObject({ ok: false })
    expect(['deadline', 'killed']).toContain(report.how)
    await gone(word)
    expect((await home.program(['/usr/bin/echo', 'next'])).text).toBe('next\n[0]')
  })

  it('also when the child itself is stopped', async () => {
    const command = ['/usr/bin/env', 'bash', '-c', 'kill -STOP $PPID; sleep 7207']
    expect(await home.run('short_program', { command })).toMatchObject({ ok: false, how: 'deadline' })
    await gone('7207')
  })

  it('also when the child itself never comes back from its loop', async () => {
    const other = home.run('js', { code: `for (;;) {}` }, { signal: AbortSignal.timeout(1_000) })
    expect(await other).toMatchObject({ ok: false, how: 'cancelled' })
  })
})

describe('limits', () => {
  it('holds the number of processes', async () => {
    const code =
      'import os,time\nn=0\ntry:\n  while n<500:\n    if os.fork()==0: time.sleep(60)\n    n+=1\nexcept OSError: pass\nprint(n<64)'
    expect((await home.program(python(code))).text).toBe('True\n[0]')
  })

  it('ends what takes too much memory, however many share it', async () => {
    const code = 'import os,time\nfor _ in range(3): os.fork()\nx=bytearray(80_000_000)\ntime.sleep(60)'
    const report = await home.program(python(code))
    expect(report).toMatchObject({
      ok: false,
      how: 'killed',
      text: 'It was ended: it used more than 300 MiB of memory.',
    })
  })

  it('ends what writes too much', async () => {
    const code = 'for n in range(10000):\n  f=open("big%d" % n,"wb"); f.write(bytes(4_000_000)); f.flush(); f.close()'
    const report = await home.program(python(code))
    expect(report).toMatchObject({ ok: false, how: 'killed', text: 'It was ended: it wrote more than 32 MiB.' })
  })

  it('holds the number of open files', async () => {
    const text = (await home.js(`try { for (;;) fs.openSync('/dev/null') } catch (error) { return error.code }`)).text
    expect(text).toBe('EMFILE')
  })
})

describe('others are out of reach', () => {
  it('sees no process of the machine, and can signal none', async () => {
    const victim = spawn('/usr/bin/sleep', ['7301'])
    try {
      const code = `try { process.kill(arg, 0); return 'reached' } catch (error) { return error.code }`
      expect((await home.js(code, victim.pid)).text).toBe('ESRCH')
      expect((await home.js(code, process.pid)).text).toBe('ESRCH')
      expect((await home.program(['/usr/bin/env', 'bash', '-c', 'kill -KILL -1; echo survived'])).how).toMatch(
        /killed|done/,
      )
      expect(victim.exitCode).toBe(null)
    } finally {
      victim.kill('SIGKILL')
    }
  })

  it('cannot trace the first process', async () => {
    const code = 'import ctypes\nl=ctypes.CDLL(None,use_errno=True)\nprint(l.ptrace(16,%d,0,0))'
    expect((await home.program(python(code.replace('%d', String(process.pid))))).text).toBe('-1\n[0]')
  })

  it('leaves nothing of a session after the end', async () => {
    const other = await openSandboxHome()
    const going = other.run('program', { command: ['/usr/bin/env', 'bash', '-c', 'touch begun; sleep 7302'] })
    await expect.poll(() => existsSync(join(other.paths.workspace, 'begun')), { timeout: 30_000 }).toBe(true)
    await other.leave()
    expect(['cancelled', 'killed']).toContain((await going).how)
    await gone('7302')
    await gone(other.paths.home)
  })
})
