import { mkdirSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  createToolRunner,
  type SandboxRunner,
  type ToolRunnerInput,
} from '../../../src/agent/sandbox/createToolRunner.ts'
import type { ToolReport } from '../../../src/agent/sandbox/toolRunner.ts'
import type { SandboxSettings } from '../../../src/shared/config/sandboxSection.ts'
import { settingsSchema } from '../../../src/shared/config/schema.ts'
import { type HomePaths, homePaths } from '../../../src/shared/paths.ts'
import { TOOLS } from './probeTools.ts'

/** A home with secrets in it, and a runner of the test tools. */
export type SandboxHome = {
  readonly paths: HomePaths
  readonly runner: SandboxRunner
  /** Runs JavaScript in the child; no programs. */
  readonly js: (code: string, arg?: unknown, session?: string) => Promise<ToolReport>
  /** The same as a tool that runs programs. */
  readonly jsProgram: (code: string, arg?: unknown, session?: string) => Promise<ToolReport>
  /** Runs a program. */
  readonly program: (command: readonly string[], session?: string) => Promise<ToolReport>
  readonly run: (tool: string, input: unknown, more?: { session?: string; signal?: AbortSignal }) => Promise<ToolReport>
  readonly leave: () => Promise<void>
}

/** What must never be seen inside. */
export const CANARY = 'canary-4f1c9d'

/** Settings for a test; the child must be able to load the tools of the tests. */
export function sandboxSettings(changes: Partial<SandboxSettings> = {}): SandboxSettings {
  return { ...settingsSchema.parse({}).sandbox, ...changes, folders: [import.meta.dirname, ...(changes.folders ?? [])] }
}

/** Builds a home below the temporary folder. It throws in plain words where this machine has no bubblewrap. */
export async function openSandboxHome(
  changes: Partial<SandboxSettings> = {},
  more: Partial<ToolRunnerInput> = {},
): Promise<SandboxHome> {
  const { paths, runner } = buildHome(changes, more)
  const state = await runner.ready
  if (state.mode !== 'bubblewrap') {
    await runner.close()
    throw new Error(`these tests need a working bubblewrap (Debian: apt install bubblewrap): ${state.reason}`)
  }
  await runner.codeKept()
  const run: SandboxHome['run'] = (tool, input, { session = 's1', signal = new AbortController().signal } = {}) =>
    runner.run({ tool, input, key: 'k', run: 'run-1', session }, signal)
  return {
    paths,
    runner,
    run,
    js: (code, arg, session = 's1') => run('js', { code, arg }, { session }),
    jsProgram: (code, arg, session = 's1') => run('js_program', { code, arg }, { session }),
    program: (command, session = 's1') => run('program', { command }, { session }),
    leave: async () => {
      await runner.close()
      rmSync(paths.home, { recursive: true, force: true })
    },
  }
}

/** Builds a home and a runner, without looking at how it holds tools. */
export function buildHome(changes: Partial<SandboxSettings>, more: Partial<ToolRunnerInput>) {
  const home = realpathSync(mkdtempSync(join(tmpdir(), 'ottugi-sandbox-')))
  const paths = homePaths(home)
  for (const folder of [paths.data, paths.backups, paths.run, paths.logs, paths.pm2])
    mkdirSync(folder, { recursive: true })
  for (const file of [
    paths.env,
    paths.settings,
    paths.agentDb,
    paths.watchdogDb,
    join(paths.backups, 'a.db'),
    paths.logOf('agent'),
  ]) {
    writeFileSync(file, CANARY)
  }
  const runner = createToolRunner({
    paths,
    settings: sandboxSettings(changes),
    toolSettings: { search: { engine: 'none', url: '' } },
    tools: TOOLS,
    toolsModule: `file://${import.meta.dirname}/probeTools.ts`,
    fetch: async () => ({ ok: false, reason: 'no broker in this test' }),
    uid: process.getuid?.() ?? 0,
    log: { warn: () => {}, info: () => {} },
    ...more,
  })
  return { paths, runner }
}

/** Processes of this machine whose command line holds a word: what a test left running. */
export function processesWith(word: string): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => pid !== process.pid && commandLine(pid).includes(word))
}

function commandLine(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8')
  } catch {
    return ''
  }
}
