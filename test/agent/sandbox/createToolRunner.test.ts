import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openSandboxHome, type SandboxHome } from './support.ts'

let home: SandboxHome
beforeAll(async () => {
  home = await openSandboxHome()
})
afterAll(() => home.leave())

/** A report without its duration. */
const facts = ({ tookMs: _, ...rest }: Awaited<ReturnType<SandboxHome['run']>>) => rest

describe('a call', () => {
  it('returns what the tool returned, and writes into the workspace', async () => {
    const report = await home.js(`fs.writeFileSync('a.txt', 'hello'); return process.cwd() === context.workspace`)
    expect(facts(report)).toEqual({ ok: true, text: 'true', how: 'done' })
    expect(readFileSync(join(home.paths.workspace, 'a.txt'), 'utf8')).toBe('hello')
  })

  it('tells a failure of the tool and goes on', async () => {
    expect(facts(await home.js(`throw new Error('no such thing')`))).toEqual({
      ok: false,
      text: 'the tool failed: no such thing',
      how: 'done',
    })
    expect((await home.js('return 1')).text).toBe('1')
  })

  it('knows no tool of another name', async () => {
    expect(facts(await home.run('nothing', {}))).toEqual({ ok: false, text: 'There is no tool nothing.', how: 'done' })
  })

  it('cuts a long output to head and tail, and keeps the whole', async () => {
    const report = await home.js(`return 'a'.repeat(3000) + 'z'.repeat(3000)`)
    const rest = '.ottugi/output/run-1-'
    expect(report.rest?.startsWith(rest)).toBe(true)
    expect(report.text).toBe(
      `${'a'.repeat(1200)}\n[… 4000 characters left out; the whole is in ${report.rest} …]\n${'z'.repeat(800)}`,
    )
    expect(readFileSync(join(home.paths.workspace, report.rest ?? ''), 'utf8')).toHaveLength(6_000)
  })

  it('keeps 50 whole outputs', async () => {
    await home.js(
      `fs.mkdirSync('.ottugi/output', { recursive: true }); for (let i = 0; i < 80; i++) fs.writeFileSync('.ottugi/output/old-' + i + '.txt', '')`,
    )
    await home.js(`return 'a'.repeat(3000)`)
    expect(readdirSync(join(home.paths.workspace, '.ottugi/output'))).toHaveLength(50)
  })

  it('runs a tool that touches nothing outside in our own process, with its deadline', async () => {
    expect(facts(await home.run('in_agent', { code: 'return process.pid' }))).toEqual({
      ok: true,
      text: String(process.pid),
      how: 'done',
    })
    expect(facts(await home.run('in_agent', { code: 'await new Promise(() => {})' }))).toEqual({
      ok: false,
      text: 'It took longer than 0.3 s.',
      how: 'deadline',
    })
  })

  it('says how the process of a tool died, and the next call has another one', async () => {
    const report = await home.js(`process.kill(process.pid, 'SIGKILL')`)
    expect(report).toMatchObject({ ok: false, how: 'killed' })
    expect(report.text).toMatch(/^The process of the tool died \((SIGKILL|exit code 137)\)/)
    expect((await home.js('return 1')).text).toBe('1')
  })

  it('ends a call that is cancelled, and one that was cancelled before it began', async () => {
    const control = new AbortController()
    const going = home.run(
      'js',
      { code: `fs.writeFileSync('begun', ''); await new Promise(() => {})` },
      { signal: control.signal },
    )
    await expect.poll(() => existsSync(join(home.paths.workspace, 'begun')), { timeout: 30_000 }).toBe(true)
    control.abort()
    expect(facts(await going)).toEqual({ ok: false, text: 'It was cancelled.', how: 'cancelled' })
    expect(facts(await home.run('js', { code: 'return 1' }, { signal: control.signal }))).toEqual({
      ok: false,
      text: 'It was cancelled.',
      how: 'cancelled',
    })
  })

  it('tells the tool that it was cancelled before it is ended', async () => {
    const control = new AbortController()
    const code = `fs.writeFileSync('waits', ''); await new Promise((go) => context.signal.addEventListener('abort', go)); fs.writeFileSync('tidied', '')`
    const going = home.run('js', { code }, { signal: control.signal })
    await expect.poll(() => existsSync(join(home.paths.workspace, 'waits')), { timeout: 30_000 }).toBe(true)
    control.abort()
    await going
    await expect.poll(() => existsSync(join(home.paths.workspace, 'tidied'))).toBe(true)
  })

  it('gives no network to programs, not even the broker', async () => {
    const code = `return (await context.fetch({ url: 'https://example.com' })).reason`
    expect((await home.js(code)).text).toBe('no broker in this test')
    expect((await home.jsProgram(code)).text).toBe('programs in the sandbox have no network')
  })

  it('stops a flood of lines', async () => {
    const report = await home.js(`for (;;) try { fs.writeSync(3, 'x'.repeat(65_536)) } catch {}`)
    expect(report).toMatchObject({ ok: false, how: 'killed' })
    expect((await home.js('return 1')).text).toBe('1')
  })

  it('runs no more at once than it may, and all in the end', async () => {
    const texts = await Promise.all(Array.from({ length: 12 }, (_, n) => home.js(`return arg`, n, `s${n % 3}`)))
    expect(texts.map(({ text }) => text)).toEqual(Array.from({ length: 12 }, (_, n) => String(n)))
  })
})
