/** The tools before and after they are loaded: the loop asks for them here, and waits where it needs them. */
import type { ToolOffer } from '../model/modelCall.ts'
import type { Gates } from './gates/verdict.ts'
import type { OpenTools, ToolParts } from './openTools.ts'
import type { LoopTool } from './runs/ports.ts'
import type { ToolRunner } from './sandbox/toolRunner.ts'

/** The tools as the rest of the agent sees them; without a tool before they are loaded. */
export type Tooling = {
  /** Loads them, once; whoever comes later waits for the same. */
  readonly load: () => Promise<OpenTools>
  readonly tools: () => ReadonlyMap<string, LoopTool>
  readonly offers: () => readonly ToolOffer[]
  readonly runner: ToolRunner
  readonly gates: Gates
  /** Gets a sandbox ready while the model thinks. */
  readonly prepare: () => void
}

const NONE: ReadonlyMap<string, LoopTool> = new Map()

/** Builds it; nothing is loaded yet. */
export function createTooling(parts: ToolParts): Tooling {
  let loading: Promise<OpenTools> | undefined
  let open: OpenTools | undefined
  const load = () => {
    loading ??= import('./openTools.ts').then(async ({ openTools }) => {
      open = await openTools(parts)
      return open
    })
    return loading
  }
  return {
    load,
    tools: () => open?.byName ?? NONE,
    offers: () => open?.offers() ?? [],
    prepare: () => open?.runner.prepare(),
    runner: {
      run: async (order, signal) => (await load()).runner.run(order, signal),
      available: () => open?.runner.available() ?? [],
      close: async () => (await loading)?.runner.close(),
    },
    gates: {
      ready: async () => (await load()).gates.ready?.(),
      judge: (call) =>
        open?.gates.judge(call) ?? {
          verdict: 'deny',
          rule: 'not-loaded',
          reason: 'the tools are not loaded yet',
          plan: '',
        },
      allowAlways: (call, scope) => open?.gates.allowAlways(call, scope),
    },
  }
}
