/** The tools with all that holds them: gates, sandbox, broker. Loaded after the agent is ready: it costs more than the rest of its start. */
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { ToolOffer } from '../model/modelCall.ts'
import { now } from '../shared/clock.ts'
import type { Settings } from '../shared/config/schema.ts'
import type { Logger } from '../shared/log.ts'
import type { HomePaths } from '../shared/paths.ts'
import { createGates, withMode } from './gates/createGates.ts'
import { fileAlways } from './gates/fileAlways.ts'
import type { Gates } from './gates/verdict.ts'
import type { LoopTool } from './runs/ports.ts'
import { createBroker } from './sandbox/broker.ts'
import { createToolRunner, type SandboxRunner } from './sandbox/createToolRunner.ts'
import { offers, TOOLS } from './tools/table.ts'
import type { Tool } from './tools/tool.ts'
import { toolSettingsOf } from './tools/toolSettings.ts'

/** What they are opened with. */
export type ToolParts = {
  readonly paths: HomePaths
  readonly settings: Settings
  /** The value of a secret of `.env`; asked for anew each time. */
  readonly readSecret: (variable: string) => string | undefined
  readonly log: Logger
}

/** The tools, opened. */
export type OpenTools = {
  readonly runner: SandboxRunner
  readonly gates: Gates
  readonly table: readonly Tool[]
  readonly byName: ReadonlyMap<string, LoopTool>
  /** What a model is shown of those that may be used now. */
  readonly offers: () => readonly ToolOffer[]
}

/** Opens them. Resolves when it is known what this machine can hold. Rules that fail their own examples leave no tool that could be used. */
export async function openTools({ paths, settings, readSecret, log }: ToolParts): Promise<OpenTools> {
  const runner = createToolRunner({
    paths,
    settings: settings.sandbox,
    toolSettings: toolSettingsOf(settings),
    tools: TOOLS,
    toolsModule: import.meta.resolve('./tools/table.ts'),
    fetch: createBroker({ settings: settings.network, readSecret }),
    uid: process.getuid?.() ?? 0,
    log,
  })
  const gates = openGates(paths, settings, log)
  await runner.ready
  const sourceHash = hashOfFolder(join(import.meta.dirname, 'tools'))
  const shown = () => {
    const available = new Set(gates ? runner.available() : [])
    return offers((name) => available.has(name))
  }
  return {
    runner: gates ? runner : { ...runner, available: () => [] },
    gates: gates ?? CLOSED,
    table: TOOLS,
    byName: new Map(TOOLS.map((tool) => [tool.name, { ...tool, sourceHash }])),
    offers: shown,
  }
}

const CLOSED: Gates = {
  judge: () => ({ verdict: 'deny', rule: 'gates-closed', reason: 'the gates do not hold', plan: '' }),
  allowAlways: () => {},
}

function openGates(paths: HomePaths, settings: Settings, log: Logger): Gates | undefined {
  const built = createGates({
    settings: settings.gates,
    workspace: paths.workspace,
    folders: settings.sandbox.folders,
    always: fileAlways(paths.always, now),
  })
  if (!built.ok) {
    log.error({ reason: built.reason }, 'no tool may be used')
    return undefined
  }
  const { gates } = built
  return {
    allowAlways: gates.allowAlways,
    judge: (call) => (call.approve === undefined ? gates : withMode(gates, call.approve)).judge(call),
  }
}

/** SHA-256 over the sources of all tools: a yes is a yes to these, and to no later ones. */
function hashOfFolder(folder: string): string {
  const hash = createHash('sha256')
  for (const name of readdirSync(folder).toSorted()) hash.update(`${name}\0`).update(readFileSync(join(folder, name)))
  return hash.digest('hex')
}
