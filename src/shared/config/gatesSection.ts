/** The settings of the gates: what a tool call may do without a question. */
import * as z from 'zod'
import { section, setting } from './fields.ts'

/** How much is done without a question. */
export const GATE_MODES = ['read-only', 'ask', 'workspace-write', 'all'] as const
export type GateMode = (typeof GATE_MODES)[number]

const ownerRule = z.strictObject({
  /** Name of a tool; `*` stands for any letters. */
  tool: z.string().regex(/^[a-z0-9_*]{1,64}$/),
  /** Words of a command, path below the workspace, or host; `*` alone for every call of the tool. */
  match: z.string().min(1).max(500),
  verdict: z.enum(['allow', 'ask', 'deny']),
  reason: z.string().min(1).max(300),
})

/** One rule of the owner's. */
export type OwnerRule = z.infer<typeof ownerRule>

/** What is done without a question, what is asked, what is refused. */
export const gatesSection = section('The gates: what tools may do without a question.', {
  mode: setting(z.enum(GATE_MODES), 'ask', {
    description:
      'read-only: what only looks is done, all else is refused. ask: all else is asked. workspace-write: files of the workspace are changed without a question. all: nothing is asked. What is refused stays refused in each of them, and where nobody can answer a question is a refusal.',
    ownerOnly: true,
  }),
  rules: setting(z.array(ownerRule).max(200), [], {
    description:
      'Rules of your own: tool, match (words of a command such as "npm run *", a path such as "notes/**", a host, or "*"), verdict (allow, ask, deny) and reason. They may allow what would be asked, and what is refused only as unwise; never our own files, what lies outside of the workspace, privilege, or what nobody can read.',
    ownerOnly: true,
    form: 'gateRules',
  }),
  hosts: setting(z.array(z.string().regex(/^(\*\.)?[A-Za-z0-9._-]+$/)), [], {
    description: 'Hosts that may be read (GET) without a question; `*.host` means all below it.',
    ownerOnly: true,
    form: 'hostRules',
  }),
})

/** The settings of the gates. */
export type GatesSettings = z.infer<typeof gatesSection>
