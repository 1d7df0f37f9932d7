/** What is offered where tools cannot be held whole. */
import { chmodSync, rmSync } from 'node:fs'
import { afterEach, describe, expect, it } from 'vitest'
import type { SandboxRunner } from '../../../src/agent/sandbox/createToolRunner.ts'
import { buildHome } from './support.ts'

const opened: { runner: SandboxRunner; home: string }[] = []
afterEach(async () => {
  for (const { runner, home } of opened.splice(0)) {
    await runner.close()
    rmSync(home, { recursive: true })
  }
})

function open(...args: Parameters<typeof buildHome>) {
  const built = buildHome(...args)
  opened.push({ runner: built.runner, home: built.paths.home })
  return built
}
const order = (tool: string) => ({ tool, input: { code: 'return 1' }, key: 'k', run: 'r', session: 's' })
const signal = new AbortController().signal

describe('before the look and after it', () => {
  it('offers all tools where the sandbox holds', async () => {
    const { runner } = open({}, {})
    expect(runner.available()).toEqual(['in_agent'])
    expect(await runner.ready).toMatchObject({ mode: 'bubblewrap', reason: '', notes: [] })
    expect(runner.available()).toEqual(['js', 'js_program', 'program', 'short_program', 'in_agent'])
  })

  it('drops what starts programs in strict mode, and says why', async () => {
    const { runner, paths } = open({}, { platform: 'darwin' })
    chmodSync(paths.home, 0o711)
    const reason = 'spawn /usr/bin/sandbox-exec ENOENT'
    expect(await runner.ready).toMatchObject({ mode: 'strict', reason })
    expect(runner.available()).toEqual(['js', 'in_agent'])
    expect(await runner.run(order('js'), signal)).toMatchObject({ ok: true, text: '1' })
    expect(await runner.run(order('program'), signal)).toMatchObject({ ok: false, text: `program is off: ${reason}.` })
    expect(await runner.run(order('in_agent'), signal)).toMatchObject({ ok: true, text: '1' })
  })

  it('offers only what touches nothing where nobody may run it, and never runs it in our own process instead', async () => {
    const { runner } = open({ user: 'root' }, { uid: 0 })
    const reason = 'the user root (sandbox.user) is root or in its group'
    expect(await runner.ready).toEqual({ mode: 'none', reason, notes: [] })
    expect(runner.available()).toEqual(['in_agent'])
    expect(await runner.run(order('js'), signal)).toMatchObject({ ok: false, text: `js is off: ${reason}.` })
  })

  it('looks again when it is asked, and keeps its children where nothing changed', async () => {
    const { runner } = open({}, {})
    await runner.ready
    const mark = { ...order('js'), input: { code: 'state.mark ??= String(process.hrtime()); return state.mark' } }
    const first = await runner.run(mark, signal)
    expect(await runner.probeAgain()).toMatchObject({ mode: 'bubblewrap' })
    expect((await runner.run(mark, signal)).text).toBe(first.text)
  })
})

describe('after close', () => {
  it('refuses calls, and leaves no child', async () => {
    const { runner } = open({}, {})
    await runner.run(order('js'), signal)
    await runner.close()
    expect(await runner.run(order('js'), signal)).toMatchObject({ ok: false, how: 'cancelled' })
  })
})
