/** Recovery of one real installation: gathers the parts and words the result. Packages are loaded here and not before. */
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { ACTIONS } from '../repair/actions/table.ts'
import { finishInterrupted } from '../repair/execute.ts'
import { readHold } from '../repair/holdFile.ts'
import { brokenExamples } from '../repair/policy.ts'
import { monotonicMs, now } from '../shared/clock.ts'
import { readEnvFile } from '../shared/config/envFile.ts'
import type { Settings } from '../shared/config/schema.ts'
import { acquireLock } from '../shared/lockFile.ts'
import { chooseLanguage } from '../shared/messages/text.ts'
import type { HomePaths } from '../shared/paths.ts'
import type { RecoveryResult } from '../shared/recoveryResult.ts'
import { writeWithReserve } from '../shared/reserve.ts'
import { actionHash } from './actionSource.ts'
import { openApprovals } from './approve.ts'
import { carryOutWith, handsOf, triesIn } from './hands.ts'
import { humanText, type Reader } from './human.ts'
import type { Recovered, RecoveryPorts } from './ports.ts'
import { faultWord, type Order } from './proposal.ts'
import { recover } from './recover.ts'
import { consultLearned, rememberDeed, rememberHarm, writeLedger } from './remember.ts'

/** Which installation, for whom, and how long. */
export type RecoverInput = {
  readonly paths: HomePaths
  readonly appRoot: string
  readonly environment: NodeJS.ProcessEnv
  readonly order: Order
  /** How long it may take, in milliseconds; without it the settings say. */
  readonly deadlineMs: number | undefined
}

/** How long a question stays open where no settings say it: a day. */
const DEFAULT_APPROVAL_MS = 86_400_000
/** How long recovery may take where no settings say it. */
const DEFAULT_TIMEOUT_MS = 30_000

/** Runs recovery once. Only one runs at a time; a second one says so. */
export async function recoverHome(input: RecoverInput): Promise<RecoveryResult> {
  const { paths, order } = input
  const settings = await readSettings(input)
  const reader = {
    language: chooseLanguage(settings?.settings.language ?? 'auto', input.environment),
    home: paths.home,
  }
  // A full disk is one of the faults that it is there for.
  const lock = writeWithReserve(paths, () => {
    mkdirSync(paths.run, { recursive: true, mode: 0o700 })
    return acquireLock(join(paths.run, 'recovery.lock'))
  })
  if (!lock.ok)
    return wordResult({ ending: { how: 'busy' }, evidence: null, proposals: [], modelCalls: [] }, order, reader)
  try {
    const result = wordResult(await recover(order, await portsOf(input, settings)), order, reader)
    writeLedger(paths, order.incident, result)
    return result
  } finally {
    lock.release()
  }
}

type ReadSettings = { readonly settings: Settings; readonly secrets: ReadonlyMap<string, string> }

/** The settings of the home; undefined where they cannot be read. Throws where packages are missing. */
async function readSettings({ paths, environment }: RecoverInput): Promise<ReadSettings | undefined> {
  const { loadSettings } = await import('../shared/config/load.ts')
  const loaded = loadSettings({ settingsFile: paths.settings, envFile: paths.env, environment })
  return loaded.ok ? loaded : undefined
}

async function portsOf(input: RecoverInput, loaded: ReadSettings | undefined): Promise<RecoveryPorts> {
  const { paths, appRoot, environment, order } = input
  const recovery = loaded?.settings.recovery
  const signal = AbortSignal.timeout(Math.max(0, input.deadlineMs ?? recovery?.timeoutMs ?? DEFAULT_TIMEOUT_MS))
  const parts = { paths, appRoot, environment, actions: ACTIONS }
  const { redact } = await redactorOf(input)
  const { corroborates } = await import('./corroborate.ts')
  const { createModelStep } = await import('./modelStep.ts')
  const isAsked = loaded?.settings.recovery.model === true
  return {
    ...(await eyesOf(input, redact)),
    actions: ACTIONS,
    // Settings that cannot be read may forbid it: then everything is asked about.
    autonomy: recovery?.autonomy ?? 'none',
    finishInterrupted: () => finishInterrupted(handsOf(parts)),
    consultLearned: (evidence) => consultLearned(paths, appRoot, evidence),
    corroborates,
    triesAgainst: (fault) => triesIn(paths, fault),
    execute: (request) => carryOutWith(parts, request),
    noteDeed: (deed) => rememberDeed(paths, appRoot, order.incident, deed),
    noteHarm: (deed) => rememberHarm(paths, deed),
    approvals: openApprovals({
      folder: paths.approvals,
      lastsMs: recovery?.approvalMs ?? DEFAULT_APPROVAL_MS,
      now,
      actionHash: (action) => actionHash(appRoot, action),
    }),
    choose: isAsked ? createModelStep({ ...loaded, paths, actions: ACTIONS, redact }) : null,
    noModel: loaded ? 'off' : 'settings',
    holdUntilMonoMs: () => readHold(paths, monotonicMs(), appRoot)?.untilMonoMs ?? null,
    signal,
  }
}

async function redactorOf({ paths, environment }: RecoverInput) {
  const { createRedactor } = await import('../shared/redact/redactor.ts')
  const { knownSecrets } = await import('../shared/redact/knownSecrets.ts')
  const file = readEnvFile(paths.env)
  return createRedactor(knownSecrets({ env: file.ok ? file.variables : new Map(), environment }))
}

/** How it sees: probes, logs, and the runbook over both. */
async function eyesOf(
  { paths, appRoot, environment, order }: RecoverInput,
  redact: (text: string) => string,
): Promise<Pick<RecoveryPorts, 'brokenExamples' | 'observe' | 'consultRunbook'>> {
  const { gatherFacts } = await import('./gatherFacts.ts')
  const { evidenceOf, readLogTails } = await import('./evidence.ts')
  const { brokenRules, consultRunbook } = await import('./runbook.ts')
  const { symptom, fault } = order
  const observe = async () => {
    const facts = await gatherFacts({ paths, appRoot, environment, symptom, fault })
    return evidenceOf({ facts, logs: await readLogTails(paths), redactor: { redact } })
  }
  // The runbook reads the whole evidence; what recovery passes round is a part of the same object.
  type Whole = Awaited<ReturnType<typeof observe>>
  return {
    brokenExamples: () => [...[...ACTIONS.values()].flatMap(brokenExamples), ...brokenRules()],
    observe,
    consultRunbook: (evidence) => consultRunbook(evidence as Whole).map((plan) => ({ by: 'runbook', ...plan })),
  }
}

/** A run in the form that the watchdog reads. */
export function wordResult(
  { ending, evidence, proposals, modelCalls }: Recovered,
  order: Order,
  reader: Reader,
): RecoveryResult {
  const fault = evidence ? faultWord(evidence, order) : (order.fault ?? order.symptom ?? 'unknown')
  return {
    ok: ending.how === 'done',
    fault: fault === 'unknown' ? null : fault,
    proposals,
    modelCalls,
    evidence: evidence && { signature: evidence.signature, faultClass: evidence.faultClass, shown: evidence.shown },
    approval: ending.how === 'waiting' ? ending.approval : null,
    human: humanText(ending, fault, reader),
    holdUntilMonoMs: ending.how === 'held' ? ending.untilMonoMs : null,
  }
}
