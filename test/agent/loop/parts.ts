/** The parts of a loop for tests: a real journal, a real provider over HTTP, and tools that count what they did. */
import { createHash } from 'node:crypto'
import { z } from 'zod'
import type { Gates, JudgedCall } from '../../../src/agent/gates/verdict.ts'
import type { Journal } from '../../../src/agent/journal/journal.ts'
import {
  type Approvals,
  DEFAULT_LIMITS,
  type LoopLimits,
  type LoopTool,
  type ModelGate,
  type RunsDependencies,
} from '../../../src/agent/runs/ports.ts'
import type { ToolOrder, ToolReport, ToolRunner } from '../../../src/agent/sandbox/toolRunner.ts'
import { askAnthropic } from '../../../src/model/anthropic.ts'
import { plainAssembly } from './plainAssembly.ts'

/** Calls the model without budget, lanes and patience. */
export function plainGate(url: string): ModelGate {
  return {
    check: () => undefined,
    plan: () => ({ provider: 'fake', model: 'm', why: 'the only one' }),
    ask: async ({ system, turns, tools = [] }, { signal, onText }) => {
      const result = await askAnthropic(
        { baseUrl: url, key: undefined, timeoutMs: 60_000, maxRetries: 0 },
        { model: 'm', maxTokens: 1_000, system, turns, tools },
        { signal, onText },
      )
      return { ...result, model: 'm', provider: 'fake', costUsd: result.usage.outputTokens / 1_000, latencyMs: 1 }
    },
  }
}

const schema = z.strictObject({ n: z.int() })

function tool(name: string, safety: LoopTool['safety'], risk: LoopTool['risk']): LoopTool {
  return { name, schema, safety, risk, sourceHash: createHash('sha256').update(name).digest('hex') }
}

/** `look` changes nothing, `put` may be repeated with its key, `send` may not be repeated; `fail` fails, `hang` waits until it is stopped. */
export const TOOLS: ReadonlyMap<string, LoopTool> = new Map(
  [
    tool('look', 'pure', 0),
    tool('put', 'keyed', 1),
    tool('send', 'unsafe', 2),
    tool('fail', 'pure', 0),
    tool('hang', 'unsafe', 1),
  ].map((one) => [one.name, one]),
)

/** What a tool is asked to do, as the counting tools see it. */
export type Effect = Pick<ToolOrder, 'tool' | 'input' | 'key' | 'run'>

/** A runner in this process. `act` does what a tool does and gives its text. */
export function plainRunner(act: (effect: Effect) => Promise<string> | string): ToolRunner {
  return {
    available: () => [...TOOLS.keys()],
    close: async () => {},
    run: async ({ tool: name, input, key, run }, signal): Promise<ToolReport> => {
      if (name === 'hang') {
        await new Promise((resolve) => signal.addEventListener('abort', resolve))
        return { ok: false, text: 'stopped', how: 'cancelled', tookMs: 1 }
      }
      const text = await act({ tool: name, input, key, run })
      return { ok: name !== 'fail', text, how: 'done', tookMs: 1 }
    },
  }
}

/** Judges by the name of the tool; what is not named is allowed. */
export function plainGates(verdicts: Readonly<Record<string, 'ask' | 'deny'>> = {}): Gates & { always: unknown[] } {
  const always: unknown[] = []
  return {
    always,
    judge: ({ tool: name, input }: JudgedCall) => {
      const verdict = verdicts[name] ?? 'allow'
      return {
        verdict,
        rule: `${verdict} ${name}`,
        reason: `${name} is to be ${verdict}`,
        plan: `${name} ${JSON.stringify(input)}`,
      }
    },
    allowAlways: (call, scope) => void always.push({ call, scope }),
  }
}

/** Nobody is ever asked. */
export const NO_APPROVALS: Approvals = {
  ask: () => ({ ok: false, reason: 'nobody is there' }),
  wait: async () => 'denied',
  use: () => ({ ok: false, reason: 'nobody is there' }),
}

/** What a test says of its parts; the rest is as usual. */
export type PartsWish = {
  readonly journal: Journal
  readonly url: string
  readonly act?: (effect: Effect) => Promise<string> | string
  readonly verdicts?: Readonly<Record<string, 'ask' | 'deny'>>
  readonly approvals?: Approvals
  readonly limits?: Partial<LoopLimits>
  readonly owner?: string
  readonly isDead?: (owner: string) => boolean
}

/** The dependencies of `createRuns` for a test. */
export function partsOf({ journal, url, act = () => 'done', ...wish }: PartsWish): RunsDependencies {
  const runner = plainRunner(act)
  const offers = [...TOOLS.keys()].map((name) => ({
    name,
    description: name,
    inputSchema: { type: 'object' as const, properties: { n: { type: 'integer' } } },
  }))
  return {
    journal,
    gate: plainGate(url),
    owner: wish.owner ?? 'test:1',
    isDead: wish.isDead ?? ((owner) => owner !== (wish.owner ?? 'test:1')),
    runner,
    tools: () => TOOLS,
    gates: plainGates(wish.verdicts),
    approvals: wish.approvals ?? NO_APPROVALS,
    assemble: plainAssembly({ journal, system: 'Be brief.', offers: () => offers }),
    readParked: () => ({ runs: [], sessions: [] }),
    limits: { ...DEFAULT_LIMITS, ...wish.limits },
    nowMs: Date.now,
    onStorageError: (error) => {
      throw error
    },
  }
}
