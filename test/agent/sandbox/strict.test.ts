/** Strict mode, run for real: what is left where there is no sandbox. Under root it needs a workspace that the service user can reach, so the home is opened for passing through. */
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { runCall } from '../../../src/agent/sandbox/call.ts'
import { launchChild } from '../../../src/agent/sandbox/launch.ts'
import { homePaths } from '../../../src/shared/paths.ts'
import type { SandboxPlan } from '../../../src/shared/sandbox/plan.ts'
import { planFor } from '../../../src/shared/sandbox/planFor.ts'
import { TOOLS } from './probeTools.ts'
import { CANARY, sandboxSettings } from './support.ts'

const paths = homePaths(realpathSync(mkdtempSync(join(tmpdir(), 'ottugi-strict-'))))
let plan: SandboxPlan

beforeAll(() => {
  chmodSync(paths.home, 0o711)
  mkdirSync(paths.data)
  for (const file of [paths.env, paths.agentDb]) writeFileSync(file, CANARY, { mode: 0o644 })
  const planned = planFor({ paths, settings: sandboxSettings(), uid: process.getuid?.() ?? 0 })
  if (!planned.ok) throw new Error(planned.reason)
  const child = join(import.meta.dirname, '../../../src/agent/sandbox/child.ts')
  plan = { ...planned.plan, command: [process.execPath, child, `file://${import.meta.dirname}/probeTools.ts`] }
})
afterAll(() => rmSync(paths.home, { recursive: true }))

async function attempt(code: string, arg?: unknown): Promise<string> {
  const child = launchChild('strict', plan)
  const tool = TOOLS.find(({ name }) => name === 'js')
  if (!tool || !(await child.ready)) throw new Error(`the child did not start: ${(await child.ended).said}`)
  const wrapped = `try { ${code} } catch (error) { return error.code ?? String(error) }`
  const report = await runCall({
    child,
    tool,
    order: { tool: 'js', input: { code: wrapped, arg }, key: 'k', run: 'r', session: 's' },
    id: 1,
    outputName: 'x',
    signal: new AbortController().signal,
    limits: { memoryMb: 1_024, writeMb: 1_024, workspace: plan.workspace },
    settings: { search: { engine: 'none', url: '' } },
    fetch: async () => ({ ok: false, reason: '' }),
  })
  await child.kill()
  return report.text
}

describe('strict mode', () => {
  it('works in the workspace', async () => {
    expect(await attempt(`fs.writeFileSync('a', 'b'); return fs.readFileSync('a', 'utf8') + process.getuid()`)).toBe(
      `b${plan.user?.uid ?? process.getuid?.()}`,
    )
  })

  it.each([
    ['reads nothing of ours', `return fs.readFileSync(arg, 'utf8')`, () => paths.env],
    ['reads no database', `return fs.readFileSync(arg, 'utf8')`, () => paths.agentDb],
    ['reads nothing by ..', `return fs.readFileSync('../.env', 'utf8')`, () => ''],
    ['reads nothing of the machine', `return fs.readFileSync(arg, 'utf8')`, () => '/etc/passwd'],
    ['reads no environ', `return fs.readFileSync('/proc/self/environ', 'utf8')`, () => ''],
    ['lists no home', `return fs.readdirSync(arg)`, () => paths.home],
    ['writes nothing elsewhere', `fs.writeFileSync(arg, 'x'); return 'written'`, () => join(paths.data, 'planted')],
    [
      'makes no link to elsewhere',
      `fs.symlinkSync(arg, 'link'); return fs.readFileSync('link', 'utf8')`,
      () => paths.env,
    ],
    ['makes no hard link to elsewhere', `fs.linkSync(arg, 'hard'); return 'linked'`, () => paths.env],
    ['starts no program', `return childProcess.execFileSync('/usr/bin/id') + ''`, () => ''],
    [
      'starts no thread',
      `new (await import('node:worker_threads')).Worker('1', { eval: true }); return 'started'`,
      () => '',
    ],
    ['loads no native code', `process.dlopen({ exports: {} }, arg); return 'loaded'`, () => '/usr/lib/x.node'],
    ['opens no inspector', `(await import('node:inspector')).open(0); return 'open'`, () => ''],
  ])('%s', async (_, code, argOf) => {
    expect(await attempt(code, argOf())).toMatch(/^ERR_(ACCESS_DENIED|DLOPEN_DISABLED)$/)
  })

  it('has no network', async () => {
    const code = `return await new Promise((say) => net.connect(arg, '127.0.0.1').on('connect', () => say('connected')).on('error', ({ code }) => say(code)))`
    expect(await attempt(code, 1)).toBe('ERR_ACCESS_DENIED')
    expect(await attempt(`return await fetch(arg).then(() => 'reached', () => 'failed')`, 'http://127.0.0.1:1/')).toBe(
      'failed',
    )
  })

  it('follows a link that the owner made: this it does not guard against', async () => {
    symlinkSync(paths.env, join(plan.workspace, 'owner-link'))
    expect(existsSync(join(plan.workspace, 'owner-link'))).toBe(true)
    expect(await attempt(`return fs.readFileSync('owner-link', 'utf8')`)).toBe(CANARY)
    expect(readFileSync(paths.env, 'utf8')).toBe(CANARY)
  })

  it('has no variable of ours', async () => {
    const names = JSON.parse(await attempt(`return Object.keys(process.env).sort()`)) as string[]
    expect(
      names.filter((name) => !['HOME', 'LANG', 'LOGNAME', 'NO_COLOR', 'PATH', 'TMPDIR', 'USER'].includes(name)),
    ).toEqual([])
  })
})
