/**
 * Which settings this start goes with: the owner's, the last known good ones, or the defaults (safe mode).
 *
 *   broken settings      → last known good ones, else safe mode
 *   failed starts in row → last known good ones, one step only; then safe mode
 *   safe mode            → left as soon as the settings file, `.env` or the packages change: then they are tried whole again
 */
import { unlinkSync } from 'node:fs'
import { readSafeMode, type SafeMode } from '../repair/actions/enterSafeMode.ts'
import { inputsHash } from '../repair/inputs.ts'
import { readJournal } from '../repair/journal.ts'
import { type KnownGood, readKnownGood } from '../repair/knownGoodFile.ts'
import { settingsTextOf } from '../repair/settingsText.ts'
import { appendBoot, failedStarts, type Life, readBoots } from '../shared/bootledger.ts'
import { bootId } from '../shared/clock.ts'
import { checkBind, checkSettingsText, type LoadResult, loadSettings, settingsHash } from '../shared/config/load.ts'
import { formatProblem, type SettingsProblem } from '../shared/config/problem.ts'
import type { Settings } from '../shared/config/schema.ts'
import { type Bench, mend } from './bench.ts'
import { readSecrets, safeSettings } from './safeSettings.ts'
import { say } from './say.ts'

/** The name of the token in `.env` that allows to listen beyond this machine. */
const TOKEN = 'OTTUGI_TOKEN'
/** Failed starts that had been ready before they ended are weak evidence against settings (somebody may have killed them): this many times more are needed. */
const READY_FACTOR = 3

/** The settings to go with, or why there are none. `hash` names them in the boot ledger. */
export type Settled =
  | {
      readonly ok: true
      readonly settings: Settings
      readonly secrets: ReadonlyMap<string, string>
      readonly hash: string
      readonly degraded: Readonly<Record<string, string>>
      readonly safeMode: { readonly reason: string; readonly since: string } | null
    }
  | { readonly ok: false; readonly fault: string; readonly reason: string }

type Loaded = Extract<LoadResult, { ok: true }>

/** Decides which settings this start goes with, and lets the hands do what that needs. */
export async function settle(bench: Bench): Promise<Settled> {
  const loaded = load(bench)
  if (!loaded.ok) return settleBroken(bench, loaded.problems)
  const mode = readSafeMode(bench.ctx.paths)
  if (mode) {
    // Settings that load are mended settings; a crash loop and a person's wish outlast them until the inputs change.
    const isMended = mode.reason === 'settings-invalid'
    const isSame = !isMended && mode.settingsHash === inputsHash(bench.ctx.paths, bench.ctx.appRoot)
    if (isSame) return settleSafe(bench, mode, '')
    leaveSafeMode(bench)
  }
  return settleFailures(bench, loaded)
}

function load({ ctx }: Bench): LoadResult {
  return loadSettings({ settingsFile: ctx.paths.settings, envFile: ctx.paths.env, environment: ctx.environment })
}

async function settleBroken(bench: Bench, problems: readonly SettingsProblem[]): Promise<Settled> {
  const { ctx } = bench
  const detail = problems[0] ? formatProblem(problems[0], ctx.language) : ''
  const isInFile = problems.some(({ where }) => where === 'ottugi.yaml')
  if (
    isInFile &&
    usableKnownGood(bench) &&
    (await mend(bench, { action: 'restore_config', args: {} }, 'settings-invalid'))
  ) {
    const again = load(bench)
    if (again.ok)
      return whole(bench, again, { settings: say(ctx.language, 'guardian.settingsRestored', { problem: detail }) })
  }
  const safe = safeSettings(ctx, settingsTextOf(ctx.paths) ?? undefined, false)
  if (!safe.guardian.safeMode) return { ok: false, fault: 'settings-invalid', reason: detail }
  return enterSafeMode(bench, 'settings-invalid', detail)
}

async function settleFailures(bench: Bench, loaded: Loaded): Promise<Settled> {
  const hash = settingsHash(loaded.settings)
  const limit = loaded.settings.guardian.failedStartsBeforeRollback
  const failures = failuresWith(bench, hash, limit)
  if (failures.length < limit) return whole(bench, loaded, {})
  const good = usableKnownGood(bench)
  if (good && good.settingsHash !== hash && (await mend(bench, { action: 'restore_config', args: {} }, 'crash-loop'))) {
    const again = load(bench)
    const note = say(bench.ctx.language, 'guardian.settingsRolledBack', { count: failures.length })
    if (again.ok) return whole(bench, again, { settings: note })
  }
  return isSafeModeDue(bench, loaded, hash, failures)
    ? enterSafeMode(bench, 'crash-loop', '')
    : whole(bench, loaded, {})
}

/** The starts in a row that failed with these settings (or too early to say with which), since they were last put back. */
function failuresWith({ ctx }: Bench, hash: string, limit: number): Life[] {
  const failed = failedStarts(readBoots(ctx.paths.boots), 'agent', bootId()).filter(
    (life) => life.settingsHash === hash || life.settingsHash === undefined,
  )
  if (failed.length < limit) return failed
  const restored = readJournal(ctx.paths.repairsJournal).findLast(
    (entry) => entry.action === 'restore_config' && entry.step === 'committed' && entry.bootId === bootId(),
  )
  return restored ? failed.filter((life) => life.start.monoMs > restored.monoMs) : failed
}

function isSafeModeDue(bench: Bench, { settings, secrets }: Loaded, hash: string, failures: readonly Life[]): boolean {
  const { safeMode, failedStartsBeforeRollback: limit } = settings.guardian
  const isEnough = failures.every((life) => !life.ready)
    ? failures.length >= limit
    : failures.length >= READY_FACTOR * limit
  const safe = safeSettings(bench.ctx, settingsTextOf(bench.ctx.paths) ?? undefined, secrets.has(TOKEN))
  // Where the owner's settings are the safe ones, safe mode would change nothing.
  return safeMode && isEnough && settingsHash(safe) !== hash
}

/** Known good settings that differ from the present ones and are still valid in themselves. */
function usableKnownGood({ ctx }: Bench): KnownGood | undefined {
  const good = readKnownGood(ctx.paths)
  if (!good || good.settingsText === settingsTextOf(ctx.paths)) return undefined
  return checkSettingsText(good.settingsText ?? '').ok ? good : undefined
}

async function enterSafeMode(bench: Bench, reason: SafeMode['reason'], detail: string): Promise<Settled> {
  const { paths, appRoot } = bench.ctx
  const isOn = readSafeMode(paths)?.settingsHash === inputsHash(paths, appRoot)
  if (!isOn) await mend(bench, { action: 'enter_safe_mode', args: { reason } }, reason)
  const mode = readSafeMode(paths) ?? { reason, since: new Date(bench.ctx.wallMs).toISOString() }
  return settleSafe(bench, mode, detail)
}

function settleSafe(bench: Bench, mode: Pick<SafeMode, 'reason' | 'since'>, detail: string): Settled {
  const secrets = readSecrets(bench.ctx.paths.env)
  const settings = safeSettings(bench.ctx, settingsTextOf(bench.ctx.paths) ?? undefined, secrets.has(TOKEN))
  const { reason, since } = mode
  const safeMode = say(bench.ctx.language, `guardian.safeMode.${reason}`, { detail })
  return {
    ok: true,
    settings,
    secrets,
    hash: settingsHash(settings),
    degraded: { safeMode },
    safeMode: { reason, since },
  }
}

/** Its inputs changed: a fresh budget, on record. */
function leaveSafeMode({ ctx }: Bench): void {
  unlinkSync(ctx.paths.safeMode)
  appendBoot(ctx.paths.boots, 'agent', { kind: 'reset', reason: 'inputs changed: safe mode is left' })
}

/** The settings as they are; an address beyond this machine without a token is not listened on. */
function whole(
  { ctx }: Bench,
  { settings, secrets, sources }: Loaded,
  notes: Readonly<Record<string, string>>,
): Settled {
  const hash = settingsHash(settings)
  const [problem] = checkBind(settings, secrets.has(TOKEN), sources)
  const base = { ok: true, secrets, hash, safeMode: null } as const
  if (!problem) return { ...base, settings, degraded: notes }
  const agent = { ...settings.agent, host: '127.0.0.1' }
  const dashboard = { ...settings.dashboard, host: '127.0.0.1' }
  const bind = say(ctx.language, 'guardian.bindWithoutToken', { problem: formatProblem(problem, ctx.language) })
  return { ...base, settings: { ...settings, agent, dashboard }, degraded: { ...notes, bind } }
}
