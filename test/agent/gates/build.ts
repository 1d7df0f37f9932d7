/** Gates over throw-away settings, and short words for what is asked of them. */
import { type AlwaysPort, createGates, type GatesParts, type ModalGates } from '../../../src/agent/gates/createGates.ts'
import type { JudgedCall } from '../../../src/agent/gates/verdict.ts'
import type { GatesSettings } from '../../../src/shared/config/gatesSection.ts'

export const WORKSPACE = '/home/owner/.ottugi/workspace'
const NEVER: AlwaysPort = { permits: () => false, add: () => {} }

/** Gates; the tests end where they cannot be built. */
export function build(settings: Partial<GatesSettings> = {}, parts: Partial<GatesParts> = {}): ModalGates {
  const built = createGates({
    settings: { mode: 'ask', rules: [], hosts: [], ...settings },
    workspace: WORKSPACE,
    always: NEVER,
    ...parts,
  })
  if (!built.ok) throw new Error(built.reason)
  return built.gates
}

/** A call with somebody present. */
export function called(tool: string, input: unknown, more: Partial<JudgedCall> = {}): JudgedCall {
  return { tool, input, session: 's1', attended: true, ...more }
}

/** A command of the shell. */
export function shell(command: string, more: Partial<JudgedCall> = {}): JudgedCall {
  return called('shell', { command }, more)
}
