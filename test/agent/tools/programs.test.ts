/** shell, run_python and run_node: real programs, their ends, floods, cancellation and what they leave behind. */
import { readdirSync, readFileSync } from 'node:fs'
import { watch } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { runProgram } from '../../../src/agent/tools/runProgram.ts'
import { openWorkshop, saidBy, type Workshop } from './workshop.ts'

let shop: Workshop
beforeAll(() => {
  shop = openWorkshop()
})
afterAll(() => shop.leave())

/** Starts a tool that writes a file when it runs, cancels it then, and says what came of it. */
async function cancelled(tool: string, input: unknown, file: string) {
  const control = new AbortController()
  const watching = new AbortController()
  const seen = (async () => {
    for await (const { filename } of watch(shop.workspace, { signal: watching.signal })) if (filename === file) return
  })()
  const call = shop.call(tool, input, { signal: control.signal })
  await Promise.race([seen, call])
  control.abort()
  const outcome = await call
  watching.abort()
  return outcome
}

/** True while a process with this id is there and no zombie. */
function isAlive(pid: number): boolean {
  try {
    return !/\) Z /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'))
  } catch {
    return false
  }
}

describe('shell', () => {
  it('keeps both outputs in order, and tells the exit code', async () => {
    const command = 'echo one; echo two >&2; echo three; exit 3'
    expect(await shop.call('shell', { command })).toEqual({ ok: false, reason: 'one\ntwo\nthree\n[exit code 3]' })
    expect(await shop.call('shell', { command: 'true' })).toEqual({ ok: true, text: '(no output)\n[exit code 0]' })
    expect(await shop.call('shell', { command: 'printf \'%s\' "$0 $*"' })).toEqual({
      ok: true,
      text: 'bash\n[exit code 0]',
    })
  })

  it('runs in the workspace or a folder of it, with nothing of our environment and no input', async () => {
    shop.file('sub/x', '')
    expect(await shop.call('shell', { command: 'pwd; ls; cat', cwd: 'sub' })).toEqual({
      ok: true,
      text: `${shop.workspace}/sub\nx\n[exit code 0]`,
    })
    expect((await shop.call('shell', { command: 'true', cwd: '..' })).ok).toBe(false)
    const said = saidBy(await shop.call('shell', { command: 'env' }))
    const names = said.split('\n').flatMap((line) => /^(\w+)=/.exec(line)?.[1] ?? [])
    const plain = ['HOME', 'LANG', 'LOGNAME', 'NO_COLOR', 'OLDPWD', 'PATH', 'PWD', 'SHLVL', 'TMPDIR', 'USER', '_']
    expect(names.filter((name) => !plain.includes(name))).toEqual([])
  })

  it('says what a failure hints at', async () => {
    expect(await shop.call('shell', { command: 'no-such-program' })).toMatchObject({
      hint: expect.stringContaining('not installed'),
    })
    expect(await shop.call('shell', { command: 'kill -9 $$' })).toEqual({ ok: false, reason: '[ended by SIGKILL]' })
    expect((await shop.call('shell', { command: 'a\0b' })).ok).toBe(false)
  })

  it('ends with all its children when it is cancelled', async () => {
    const command = "trap '' TERM INT; sleep 1000 & echo $! $$ > pids.tmp; mv pids.tmp pids; wait"
    const outcome = await cancelled('shell', { command }, 'pids')
    expect(outcome).toEqual({ ok: false, reason: '[ended: it was cancelled]' })
    const pids = readFileSync(join(shop.workspace, 'pids'), 'utf8').trim().split(' ').map(Number)
    await expect.poll(() => pids.filter(isAlive)).toEqual([])
  })

  it('does not wait for what runs on in the background, and ends it', async () => {
    const outcome = await shop.call('shell', { command: 'sleep 1000 & echo $!' })
    const [pid = ''] = saidBy(outcome).split('\n')
    await expect.poll(() => isAlive(Number(pid))).toBe(false)
    expect(outcome.ok).toBe(true)
  })

  it('stops a flood and keeps its beginning and end', async () => {
    const said = saidBy(await shop.call('shell', { command: 'echo begin; yes' }))
    expect(said).toMatch(/^begin\ny\n/)
    expect(said).toContain('bytes left out …]')
    expect(said).toContain('[ended: it wrote too much]')
    expect(said.length).toBeLessThan(4 * 1_024 * 1_024)
  })

  it('is not begun when it is cancelled already', async () => {
    await shop.call('shell', { command: 'sleep 1; touch begun' }, { signal: AbortSignal.abort() })
    expect(readdirSync(shop.workspace)).not.toContain('begun')
  })
})

describe.each([
  {
    tool: 'run_python',
    print: 'print("hé", 6 * 7)',
    fail: 'print("so far")\nraise ValueError("no")',
    word: 'ValueError: no',
    module: 'import nothere',
  },
  {
    tool: 'run_node',
    print: 'console.log("hé", 6 * 7 as number)',
    fail: 'console.log("so far")\nthrow new Error("no")',
    word: 'Error: no',
    module: 'import "nothere"',
  },
])('$tool', ({ tool, print, fail, word, module }) => {
  it('returns what the code prints, and leaves no file', async () => {
    expect(await shop.call(tool, { code: print })).toEqual({ ok: true, text: 'hé 42\n[exit code 0]' })
    expect(readdirSync(join(shop.workspace, '.ottugi/code'))).toEqual([])
  })

  it('shows the error with the output before it', async () => {
    const said = saidBy(await shop.call(tool, { code: fail }))
    expect(said).toMatch(/^so far\n/)
    expect(said).toContain(word)
    expect(said).toContain('[exit code 1]')
    expect(await shop.call(tool, { code: module })).toMatchObject({
      ok: false,
      hint: expect.stringContaining('network'),
    })
  })

  it('is ended when it is cancelled', async () => {
    const code =
      tool === 'run_python'
        ? 'open("py", "w").close()\nwhile True: pass'
        : 'require("fs").writeFileSync("js", "")\nwhile (true) {}'
    const outcome = await cancelled(tool, { code }, tool === 'run_python' ? 'py' : 'js')
    expect(outcome).toEqual({ ok: false, reason: '[ended: it was cancelled]' })
    expect(readdirSync(join(shop.workspace, '.ottugi/code'))).toEqual([])
  })
})

it('imports modules of the workspace in both languages', async () => {
  shop.file('mine.py', 'x = 5\n')
  shop.file('mine.mjs', 'export const x = 5\n')
  expect(await shop.call('run_python', { code: 'import mine; print(mine.x)' })).toEqual({
    ok: true,
    text: '5\n[exit code 0]',
  })
  const code = `const { x } = await import('${shop.workspace}/mine.mjs'); console.log(x)`
  expect(await shop.call('run_node', { code })).toEqual({ ok: true, text: '5\n[exit code 0]' })
  expect(await shop.call('run_node', { code: "console.log(require('node:path').sep)" })).toEqual({
    ok: true,
    text: '/\n[exit code 0]',
  })
})

it('says of a program that is not there that it is missing', async () => {
  const { workspace } = shop
  const signal = new AbortController().signal
  expect(await runProgram({ program: 'no-such-program', args: [], cwd: workspace, workspace, signal })).toMatchObject({
    ok: false,
    isMissing: true,
  })
})
