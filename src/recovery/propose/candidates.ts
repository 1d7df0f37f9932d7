/**
 * PURE. Every action with every argument that the facts make possible, and nothing else: what a model may choose from. A path, a command or a word
 * out of a log cannot even be said, because the choice is a number in this list.
 */
import type { Action } from '../../repair/action.ts'
import type { JsonValue } from '../../repair/journal.ts'
import { effectiveRisk } from '../../repair/policy.ts'
import type { Facts, PortFact } from '../facts.ts'
import type { Judgement } from '../judge.ts'

/** One choice. `label` says what its arguments mean, without any value that an outsider could have chosen. */
export type Candidate = {
  /** `c3`. */
  readonly id: string
  readonly action: string
  readonly args: JsonValue
  readonly label: string
  readonly risk: number
}

/** Most choices that are offered. */
const MAX_CANDIDATES = 40
const LISTENING = ['agent', 'dashboard'] as const
const HOLD_MINUTES = [5, 15, 60] as const
/** How much larger a heap may be proposed; the action has bounds of its own. */
const HEAP_FACTORS = [1.5, 2, 4] as const
/** Most runs and sessions that are offered for being set aside. */
const MAX_RUNS = 5

type Choice = { readonly args: JsonValue; readonly label: string }
type Choices = (facts: Facts) => readonly Choice[]

const plain: Choices = () => [{ args: {}, label: '' }]

function each<T>(values: readonly T[], choice: (value: T, index: number) => Choice): Choice[] {
  return values.map(choice)
}

function named(key: string, values: readonly string[]): Choice[] {
  return each(values, (value) => ({ args: { [key]: value }, label: `${key} ${value}` }))
}

function fallbackPort(ports: readonly PortFact[]): Choice[] {
  const taken = ports.filter(({ state, hasFallback }) => state === 'stranger' && !hasFallback)
  return each(taken, ({ app, port, host }) => {
    const avoid = ports.find((other) => other.app !== app)?.port ?? null
    return { args: { app, port, host, avoid }, label: `for the ${app}` }
  })
}

function parkable(facts: Facts, what: 'run' | 'session'): Choice[] {
  const runs = facts.unfinishedRuns.toSorted((a, b) => b.livesEnded - a.livesEnded)
  const unique = runs.filter((one, index) => runs.findIndex((other) => other[what] === one[what]) === index)
  return each(unique.slice(0, MAX_RUNS), (one, index) => ({
    args: { [what]: one[what] },
    label: `${what} number ${index + 1}, over which ${one.livesEnded} lives of the agent ended`,
  }))
}

function heapLimits({ memory }: Facts): Choice[] {
  const { agentHeapLimitMb } = memory
  if (agentHeapLimitMb === null) return []
  const figures = HEAP_FACTORS.map((factor) => Math.floor(agentHeapLimitMb * factor))
  return each(figures, (mb) => ({ args: { mb }, label: `${mb} MiB` }))
}

/** Arguments by action, out of facts alone. An action that is not here takes none. */
const CHOICES: Readonly<Record<string, Choices>> = {
  set_mode: ({ wrongModes }) => named('file', wrongModes),
  make_dir: ({ missingFolders }) => named('folder', missingFolders),
  remove_lock: ({ locks }) =>
    named(
      'lock',
      locks.filter(({ isStale }) => isStale).map(({ id }) => id),
    ),
  stop_own_orphan: ({ orphanApps }) => named('app', orphanApps),
  use_fallback_port: ({ ports }) => fallbackPort(ports),
  restore_database: () => named('database', ['agent', 'watchdog']),
  compress_logs: () => named('mode', ['compress', 'remove']),
  enter_safe_mode: () => named('reason', ['settings-invalid', 'crash-loop']),
  restart: () => named('app', LISTENING),
  hold_restart: () => each(HOLD_MINUTES, (minutes) => ({ args: { minutes }, label: `for ${minutes} minutes` })),
  quarantine_job: (facts) => parkable(facts, 'run'),
  park_session: (facts) => parkable(facts, 'session'),
  set_heap_limit: heapLimits,
  // "Nothing" is a choice of its own, in every list, and calls a person.
  none: () => [],
  raise_alert: () => [],
}

/** Lists the choices that `judgeOf` does not refuse, in the order of the table. */
export function candidatesOf(
  facts: Facts,
  actions: ReadonlyMap<string, Action>,
  judgeOf: (action: string, args: JsonValue) => Judgement,
): Candidate[] {
  const possible = [...actions.values()].flatMap((action) => {
    const choices = (Object.hasOwn(CHOICES, action.id) ? CHOICES[action.id] : undefined) ?? plain
    return choices(facts).flatMap(({ args, label }) => {
      const judgement = judgeOf(action.id, args)
      if (judgement.verdict === 'refused') return []
      return [{ action: action.id, args: judgement.args, label, risk: effectiveRisk(action) }]
    })
  })
  return possible.slice(0, MAX_CANDIDATES).map((candidate, index) => ({ id: `c${index + 1}`, ...candidate }))
}
