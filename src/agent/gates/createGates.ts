/**
 * The gates: what an agent's tool call may do.
 *
 * Promises: `judge` never throws, whatever the call; the strictest rule that speaks of any deed of a call decides; what no rule speaks of is asked;
 * where nobody can answer, a question is a refusal; a lasting yes answers questions only, never a refusal; an owner's rule never loosens what is protected.
 * The idea of rules with reasons and examples that are checked when they load is that of openai/codex execpolicy.
 */
import type { Permission } from '../../shared/approvals/always.ts'
import type { GateMode, GatesSettings } from '../../shared/config/gatesSection.ts'
import { callDeeds } from './callDeeds.ts'
import { checkRules } from './checkRules.ts'
import { decide, type Policy } from './decide.ts'
import { ownerRules } from './ownerRules.ts'
import type { Ground } from './place.ts'
import { planOf } from './plan.ts'
import type { Rule } from './rule.ts'
import { RULES } from './rules/table.ts'
import { shapeOf } from './shape.ts'
import type { Gates, JudgedCall, Verdict } from './verdict.ts'

/** Lasting permissions, as the gates need them. */
export type AlwaysPort = {
  readonly permits: (call: { readonly tool: string; readonly shape: unknown; readonly session: string }) => boolean
  readonly add: (permission: Permission) => void
}

/** What the gates are built from. */
export type GatesParts = {
  readonly settings: GatesSettings
  /** `workspace/`, absolute, as the tools see it. */
  readonly workspace: string
  /** `sandbox.folders`: absolute paths, with `:rw` at the end where they may be written. */
  readonly folders?: readonly string[]
  readonly always: AlwaysPort
  /** The rules; those of every installation unless a test says otherwise. */
  readonly rules?: readonly Rule[]
}

/** Gates whose mode can be set for one run. */
export type ModalGates = Gates & { readonly inMode: (mode: GateMode) => ModalGates }

/** The gates, or why they cannot be used: a rule fails its own examples. */
export type GatesResult =
  | { readonly ok: true; readonly gates: ModalGates }
  | { readonly ok: false; readonly reason: string }

/** What `run --approve` means: nothing is answered, changes of the workspace are, or everything is. */
export type Approve = 'none' | 'safe' | 'all'

const MODE_OF: Readonly<Record<Approve, GateMode>> = { none: 'ask', safe: 'workspace-write', all: 'all' }
const NOBODY =
  'Nobody is here to answer. To allow it, add a rule to gates.rules or choose another gates.mode (both in a terminal), or run it with somebody present.'

/** Builds the gates and holds the rules to their examples. */
export function createGates({ settings, workspace, folders = [], always, rules = RULES }: GatesParts): GatesResult {
  const wrong = checkRules(rules)
  if (wrong.length > 0) return { ok: false, reason: `the gates do not hold: ${wrong.join('; ')}` }
  const ground: Ground = { workspace: trimmed(workspace), folders: folders.map(readFolder), hosts: settings.hosts }
  const policy: Policy = { rules, owners: ownerRules(settings.rules), mode: settings.mode }
  return { ok: true, gates: gatesOver(policy, ground, always) }
}

/** The same gates for one run: in a mode, or as `run --approve` says. */
export function withMode(gates: ModalGates, mode: GateMode | Approve): ModalGates {
  return gates.inMode(mode === 'none' || mode === 'safe' || mode === 'all' ? MODE_OF[mode] : mode)
}

function gatesOver(policy: Policy, ground: Ground, always: AlwaysPort): ModalGates {
  const judge = (call: JudgedCall): Verdict => {
    const deeds = callDeeds(ground, call.tool, call.input)
    const { id, verdict, reason } = decide(policy, call.tool, deeds)
    const plan = planOf(call.tool, call.input)
    if (verdict !== 'ask') return { verdict, rule: id, reason, plan }
    const shape = shapeOf(call.tool, call.input, deeds)
    if (always.permits({ tool: call.tool, shape, session: call.session }))
      return { verdict: 'allow', rule: 'always', reason: 'You always allow calls like this one.', plan }
    return call.attended
      ? { verdict, rule: id, reason, plan }
      : { verdict: 'deny', rule: id, reason: `${reason} ${NOBODY}`, plan }
  }
  return {
    judge,
    allowAlways: (call, scope) => {
      const deeds = callDeeds(ground, call.tool, call.input)
      if (decide(policy, call.tool, deeds).verdict !== 'ask') return
      const session = scope === 'session' ? call.session : ''
      always.add({ tool: call.tool, shape: shapeOf(call.tool, call.input, deeds), scope, session })
    },
    inMode: (mode) => gatesOver({ ...policy, mode }, ground, always),
  }
}

function readFolder(folder: string): Ground['folders'][number] {
  const isWritable = folder.endsWith(':rw')
  return { path: trimmed(isWritable ? folder.slice(0, -':rw'.length) : folder), isWritable }
}

function trimmed(path: string): string {
  return path.replace(/\/+$/, '')
}
