/** Recovery in a throw-away home: real hands, real approvals, and eyes that see what a test says. */
import { chmodSync, existsSync, mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { openApprovals } from '../../src/recovery/approve.ts'
import type { Facts } from '../../src/recovery/facts.ts'
import { carryOutWith, handsOf, triesIn } from '../../src/recovery/hands.ts'
import type { RecoveryPorts } from '../../src/recovery/ports.ts'
import type { Proposal, SeenEvidence } from '../../src/recovery/proposal.ts'
import { consultLearned, rememberDeed, rememberHarm } from '../../src/recovery/remember.ts'
import { WELL } from '../../src/recovery/runbook/exampleFacts.ts'
import { type Action, defineAction, HOLDS, refuse } from '../../src/repair/action.ts'
import { ACTIONS } from '../../src/repair/actions/table.ts'
import { exactly, oneOf } from '../../src/repair/closedSet.ts'
import { finishInterrupted } from '../../src/repair/execute.ts'
import { now } from '../../src/shared/clock.ts'
import { appRoot, type HomePaths } from '../../src/shared/paths.ts'

/** What probes say of an installation in which nothing is wrong but that its agent is gone. */
export function factsOf(changes: Partial<Facts> = {}): Facts {
  return { ...WELL, symptom: 'gone', isAgentAlive: false, answers: { agent: null, dashboard: true }, ...changes }
}

/** Evidence of it. */
export function evidenceOf(facts: Facts, changes: Partial<SeenEvidence> = {}): SeenEvidence {
  return { facts, faultClass: 'missing-file', signature: 'missing-file:test', shown: 'nothing of note', ...changes }
}

/** What recovery is told in most tests. */
export const ORDER = { fault: null, symptom: 'gone', incident: 'I7' } as const

/** A plan of the runbook. */
export function plan(action: string, args: unknown = {}, rule = 'a-rule'): Proposal {
  return { by: 'runbook', rule, action, args, reason: 'a probe says so' }
}

/** An action of risk 2 with an effect that can be seen: it makes, or removes, a folder in the workspace. */
export function riskyAction(paths: HomePaths): Action {
  const folder = join(paths.workspace, 'risky')
  return defineAction<{ readonly what: 'make' | 'keep' }, null>({
    id: 'restore_config',
    why: 'A test asks for it.',
    risk: 2,
    timeLimitMs: 1_000,
    parseArgs: exactly({ what: oneOf(['make', 'keep']) }),
    precondition: () => HOLDS,
    plan: ({ what }) => `${what} a folder in the workspace`,
    snapshot: () => null,
    act: () => {
      mkdirSync(folder, { recursive: true })
      return { note: 'made it' }
    },
    undo: () => rmSync(folder, { recursive: true, force: true }),
    postcondition: () => (existsSync(folder) ? HOLDS : refuse('it is not there')),
    examples: { allowed: [], refused: [] },
  })
}

/** The same action of the table, whose proof never holds. */
export function failing(id: string): Action {
  const action = ACTIONS.get(id)
  if (!action) throw new Error(`there is no action ${id}`)
  return { ...action, postcondition: () => refuse('made to fail') }
}

/** Real ports, but for the eyes. */
export function portsIn(
  paths: HomePaths,
  changes: Partial<RecoveryPorts> & { readonly facts?: Facts } = {},
): RecoveryPorts {
  const { facts = factsOf({ missingFolders: ['workspace'] }), ...others } = changes
  const actions = others.actions ?? ACTIONS
  const parts = { paths, appRoot, environment: {}, actions }
  return {
    actions,
    autonomy: 'safe',
    brokenExamples: () => [],
    finishInterrupted: () => finishInterrupted(handsOf(parts)),
    observe: () => Promise.resolve(evidenceOf(facts)),
    consultRunbook: () => [],
    consultLearned: (evidence) => consultLearned(paths, appRoot, evidence),
    corroborates: () => HOLDS,
    triesAgainst: (fault) => triesIn(paths, fault),
    execute: (request) => carryOutWith(parts, request),
    noteDeed: (deed) => rememberDeed(paths, appRoot, ORDER.incident, deed),
    noteHarm: (deed) => rememberHarm(paths, deed),
    approvals: openApprovals({ folder: paths.approvals, lastsMs: 60_000, now, actionHash: () => 'f'.repeat(64) }),
    choose: null,
    noModel: 'off',
    holdUntilMonoMs: () => null,
    signal: new AbortController().signal,
    ...others,
  }
}

/** Breaks a home so that `make_dir` mends it. */
export function loseWorkspace(paths: HomePaths): void {
  rmSync(paths.workspace, { recursive: true, force: true })
}

/** Breaks a home so that `set_mode` mends it. */
export function openData(paths: HomePaths): void {
  chmodSync(paths.run, 0o755)
}
