/** Rules for starts that fail: settings, faults from outside, and starting as the fault itself. */
import type { FailureKind } from '../../model/modelCall.ts'
import type { FaultClass } from '../evidence/faultClass.ts'
import type { Facts } from '../facts.ts'
import { classOfEnd, isCrashLoop, isServing, outsideFault, shortLives } from '../picture.ts'
import { loopOf } from './exampleFacts.ts'
import { ALERT, type Rule, type RuleStep, step } from './rule.ts'

const EXITED = { symptom: 'refused', isAgentAlive: false, answers: { agent: null, dashboard: true } } as const
const CHANGED = { settingsMs: 60_000, secretsMs: null, dependenciesMs: null }

function goodSettings({ hasKnownGood, knownGoodDiffers }: Facts): RuleStep[] {
  return hasKnownGood && knownGoodDiffers ? [step('restore_config')] : []
}

function mendSettings(facts: Facts): RuleStep[] {
  if (facts.hasKnownGood) return goodSettings(facts)
  return safeModeFor('settings-invalid', facts)
}

function safeModeFor(reason: 'settings-invalid' | 'crash-loop', { safeMode, maySafeMode }: Facts): RuleStep[] {
  return safeMode || !maySafeMode ? [] : [step('enter_safe_mode', { reason })]
}

const settingsInvalid: Rule = {
  id: 'settings-invalid',
  why: 'runbook.settingsInvalid',
  needs: 'runbook.settingsInvalid.needs',
  treats: ['settings-invalid', 'json-invalid'],
  probe: ({ settings }) => (settings === 'invalid' || settings === 'unreadable' ? 'settings-invalid' : undefined),
  plan: (facts) => (facts.settings === 'invalid' ? [...mendSettings(facts), ALERT] : [ALERT]),
  examples: [
    {
      logs: ['YAMLParseError: Implicit keys need to be on a single line at line 3, column 1'],
      facts: { ...EXITED, settings: 'invalid', knownGoodDiffers: true },
      steps: [step('restore_config'), ALERT],
    },
    {
      logs: ['SyntaxError: Unexpected token } in JSON at position 42'],
      facts: { ...EXITED, settings: 'invalid', hasKnownGood: false },
      steps: [step('enter_safe_mode', { reason: 'settings-invalid' }), ALERT],
    },
    { logs: ['YAMLParseError: Implicit keys need to be on a single line'], facts: EXITED, steps: [] },
    { logs: [], facts: { ...EXITED, settings: 'unreadable' }, steps: [ALERT] },
  ],
}

const settingsChanged: Rule = {
  id: 'settings-changed',
  why: 'runbook.settingsChanged',
  needs: 'runbook.settingsChanged.needs',
  treats: ['settings-changed', 'crash-loop'],
  probe: (facts) =>
    isCrashLoop(facts) && facts.settings === 'valid' && facts.changed.settingsMs !== null && !facts.safeMode
      ? 'settings-changed'
      : undefined,
  plan: (facts) => (facts.hasKnownGood ? goodSettings(facts) : safeModeFor('crash-loop', facts)),
  examples: [
    {
      logs: ['4 failed starts in a row'],
      facts: { ...loopOf(3, 'RangeError'), changed: CHANGED, knownGoodDiffers: true },
      steps: [step('restore_config')],
    },
    {
      logs: ['4 failed starts in a row'],
      facts: { ...loopOf(3, 'RangeError'), changed: CHANGED, hasKnownGood: false },
      steps: [step('enter_safe_mode', { reason: 'crash-loop' })],
    },
    {
      logs: ['4 failed starts in a row'],
      facts: { ...loopOf(3, 'RangeError'), changed: CHANGED, hasKnownGood: false, maySafeMode: false },
      steps: [],
    },
    { logs: ['4 failed starts in a row'], facts: loopOf(3, 'RangeError'), steps: [] },
  ],
}

/** How long starts are held where the fault comes from outside: an outage is looked at again soon. In minutes. */
const OUTSIDE_MINUTES = 5
/** How long where starting again did nothing but fail. */
const HOPELESS_MINUTES = 15
/** So many equal ends of a fault that is known and that nothing here mends; so many of one that nobody knows, after everybody had a try. */
const KNOWN_ENDS = 4
const UNKNOWN_ENDS = 10

const outside: Rule = {
  id: 'outside-fault',
  why: 'runbook.outside',
  needs: 'runbook.outside.needs',
  treats: ['dns', 'tls', 'clock', 'network', 'provider-unauthorized', 'provider-rate-limited', 'provider-overloaded'],
  probe: outsideFault,
  plan: ({ isHeld }) => [...(isHeld ? [] : [step('hold_restart', { minutes: OUTSIDE_MINUTES })]), ALERT],
  examples: [
    {
      logs: ['Error: getaddrinfo ENOTFOUND api.example.com'],
      facts: loopOf(3, 'Error ENOTFOUND'),
      steps: [step('hold_restart', { minutes: OUTSIDE_MINUTES }), ALERT],
    },
    {
      logs: ['Error: certificate has expired CERT_HAS_EXPIRED'],
      facts: { ...loopOf(3, 'Error CERT_HAS_EXPIRED'), isHeld: true },
      steps: [ALERT],
    },
    { logs: ['AuthenticationError: 401 invalid x-api-key'], facts: {}, steps: [] },
    { logs: ['Error: getaddrinfo EAI_AGAIN api.example.com'], facts: loopOf(3, 'TypeError'), steps: [] },
  ],
}

const PROVIDER_FAULTS: Readonly<Partial<Record<FailureKind, FaultClass>>> = {
  'no-key': 'provider-unauthorized',
  unauthorized: 'provider-unauthorized',
  'rate-limited': 'provider-rate-limited',
  overloaded: 'provider-overloaded',
  timeout: 'network',
  network: 'network',
}
/** One failed call is weather. */
const FAILED_CALLS = 3

function providerFault(facts: Facts): FaultClass | undefined {
  const { provider } = facts
  return isServing(facts) && provider && provider.inARow >= FAILED_CALLS ? PROVIDER_FAULTS[provider.failure] : undefined
}

const provider: Rule = {
  id: 'provider-fails',
  why: 'runbook.provider',
  needs: 'runbook.provider.needs',
  treats: ['provider-unauthorized', 'provider-rate-limited', 'provider-overloaded', 'network', 'dns', 'tls'],
  probe: providerFault,
  plan: () => [ALERT],
  examples: [
    {
      logs: ['AuthenticationError: 401 {"type":"error","error":{"type":"authentication_error"}}'],
      facts: { provider: { failure: 'unauthorized', inARow: 3 } },
      steps: [ALERT],
    },
    {
      logs: ['RateLimitError: 429 rate_limit_error'],
      facts: { provider: { failure: 'rate-limited', inARow: 9 } },
      steps: [ALERT],
    },
    {
      logs: ['InternalServerError: 529 overloaded_error'],
      facts: { provider: { failure: 'overloaded', inARow: 3 } },
      steps: [ALERT],
    },
    { logs: ['RateLimitError: 429 rate_limit_error'], facts: {}, steps: [] },
  ],
}

/** The clock runs this far behind our own records. In milliseconds. */
const CLOCK_TOLERANCE_MS = 120_000

const clock: Rule = {
  id: 'clock-behind',
  why: 'runbook.clock',
  needs: 'runbook.clock.needs',
  treats: ['clock', 'tls'],
  // In a crash loop something else is the fault, unless its ends say so; then the rule for outside faults knows it.
  probe: (facts) =>
    facts.clockStepMs !== null && facts.clockStepMs < -CLOCK_TOLERANCE_MS && isServing(facts) ? 'clock' : undefined,
  plan: () => [ALERT],
  examples: [
    {
      logs: ['Error: certificate is not yet valid CERT_NOT_YET_VALID'],
      facts: { clockStepMs: -3_600_000 },
      steps: [ALERT],
    },
    { logs: ['Error: certificate is not yet valid CERT_NOT_YET_VALID'], facts: { clockStepMs: 3_000 }, steps: [] },
  ],
}

function isHopeless(facts: Facts): boolean {
  const [first, ...others] = shortLives(facts)
  if (!first || facts.isHeld || !others.every(({ reason, code }) => reason === first.reason && code === first.code))
    return false
  return others.length + 1 >= (classOfEnd(first) ? KNOWN_ENDS : UNKNOWN_ENDS)
}

const restartIsTheFault: Rule = {
  id: 'restart-is-the-fault',
  why: 'runbook.restartIsTheFault',
  needs: 'runbook.restartIsTheFault.needs',
  treats: ['restart-is-the-fault', 'crash-loop'],
  probe: (facts) => (isHopeless(facts) ? 'restart-is-the-fault' : undefined),
  plan: () => [step('hold_restart', { minutes: HOPELESS_MINUTES })],
  examples: [
    {
      logs: ['ottugi agent: Error: EROFS: read-only file system', '8 failed starts in a row'],
      facts: loopOf(4, 'Error EROFS'),
      steps: [step('hold_restart', { minutes: HOPELESS_MINUTES })],
    },
    {
      logs: ['10 failed starts in a row'],
      facts: loopOf(10, 'other'),
      steps: [step('hold_restart', { minutes: HOPELESS_MINUTES })],
    },
    { logs: ['10 failed starts in a row'], facts: loopOf(5, 'other'), steps: [] },
  ],
}

/** Settings: a person changed something, and that comes before everything that the agent then did. */
export const SETTINGS_RULES: readonly Rule[] = [settingsInvalid, settingsChanged]
/** From outside. */
export const OUTSIDE_RULES: readonly Rule[] = [outside, provider, clock]
/** When nothing else is left. */
export const LAST_RULES: readonly Rule[] = [restartIsTheFault]
