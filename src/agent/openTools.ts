/** The tools with all that holds them: gates, sandbox, broker. Loaded after the agent is ready: it costs more than the rest of its start. */
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { ToolOffer } from '../model/modelCall.ts'
import type { Settings } from '../shared/config/schema.ts'
import type { Logger } from '../shared/log.ts'
import { appVersion, type HomePaths } from '../shared/paths.ts'
import type { Gates } from './gates/verdict.ts'
import { laterGates } from './laterGates.ts'
import type { Unhurried } from './link/unhurried.ts'
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
  readonly unhurried: Unhurried
}

/** The tools, opened. */
export type OpenTools = {
  readonly runner: SandboxRunner
  readonly gates: Gates
  readonly table: readonly Tool[]
  readonly byName: ReadonlyMap<string, LoopTool>
  /** Why those that may not be used are off. */
  readonly whyOff: () => string
  /** What a model is shown of those that may be used now. */
  readonly offers: () => readonly ToolOffer[]
}

/**
 * Opens them. Resolves when it is known what this machine can hold; the gates may still be on their way, and are waited for before the first call is judged.
 * Rules that fail their own examples leave no tool that could be used.
 */
export async function openTools({ paths, settings, readSecret, log, unhurried }: ToolParts): Promise<OpenTools> {
  const sourceHash = hashOfFolder(join(import.meta.dirname, 'tools'))
  const runner = createToolRunner({
    paths,
    settings: settings.sandbox,
    toolSettings: toolSettingsOf(settings),
    tools: TOOLS,
    toolsModule: import.meta.resolve('./tools/table.ts'),
    codeKey: `${appVersion()} ${sourceHash}`,
    fetch: createBroker({ settings: settings.network, readSecret }),
    uid: process.getuid?.() ?? 0,
    log,
  })
  const gates = laterGates({ paths, settings, log, unhurried })
  await runner.ready
  const available = () => (gates.areClosed() ? [] : runner.available())
  const run: SandboxRunner['run'] = async (order, signal) => {
    // A call that was allowed before a restart: it is begun only where the gates hold still.
    await gates.ready()
    return gates.areClosed() ? NOTHING_DONE : runner.run(order, signal)
  }
  return {
    runner: { ...runner, available, run },
    gates,
    table: TOOLS,
    byName: new Map(TOOLS.map((tool) => [tool.name, { ...tool, sourceHash }])),
    whyOff: () => (gates.areClosed() ? 'the gates do not hold' : runner.state().reason),
    offers: rememberedOffers(available),
  }
}

const NOTHING_DONE = { ok: false, text: 'No tool may be used: the gates do not hold.', how: 'done', tookMs: 0 } as const

/** Made once for each set of tools: asked for with every call of a model, and made out of every schema. */
function rememberedOffers(available: () => readonly string[]): () => readonly ToolOffer[] {
  let made: { readonly names: string; readonly offers: readonly ToolOffer[] } | undefined
  return () => {
    const names = available()
    const key = names.join(' ')
    if (made?.names !== key) made = { names: key, offers: offers((name) => names.includes(name)) }
    return made.offers
  }
}

/** SHA-256 over the sources of all tools: a yes is a yes to these, and to no later ones. */
function hashOfFolder(folder: string): string {
  const hash = createHash('sha256')
  for (const name of readdirSync(folder).toSorted()) hash.update(`${name}\0`).update(readFileSync(join(folder, name)))
  return hash.digest('hex')
}
