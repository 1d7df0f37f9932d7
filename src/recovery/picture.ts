/** PURE. Readings of facts that rules and corroboration share, so that both mean the same by a crash loop. */
import { FAULT_CLASSES, type FaultClass } from './evidence/faultClass.ts'
import { classOf } from './evidence/spoken.ts'
import type { Facts, LifeEnd, UnfinishedRun } from './facts.ts'

/** A life shorter than this was a failed start: the brake's own figure, in milliseconds. */
const SHORT_LIFE_MS = 10_000
/** So far back short lives count as one crash loop, in milliseconds; the same as `hold_restart` asks for. */
const LOOP_WINDOW_MS = 600_000
/** So many short lives are a crash loop. */
const LOOP_LIVES = 2
/** So many lives must have ended over one run; the same as `quarantine_job` asks for. */
const POISON_LIVES = 2
/** What a process ends with when V8 gives up: 128 + SIGABRT. */
const ABORTED = 134

/** Words of the watchdog for an agent that lives and does not serve. */
const HANG_SYMPTOMS: ReadonlySet<string> = new Set(['stopped', 'blocked', 'silent', 'unreachable', 'start-timeout'])
/** What comes from elsewhere: no start of ours mends it. */
const OUTSIDE: ReadonlySet<FaultClass> = new Set<FaultClass>([
  'dns',
  'tls',
  'clock',
  'network',
  'provider-unauthorized',
  'provider-rate-limited',
  'provider-overloaded',
])

type Lives = Pick<Facts, 'lifeEnds' | 'isAgentAlive' | 'startsLastMinute'>

/** The short lives of one crash loop, in a row, newest first. An agent that has lived for a minute by now is in none. */
export function shortLives({ lifeEnds, isAgentAlive, startsLastMinute }: Lives): LifeEnd[] {
  if (isAgentAlive && startsLastMinute === 0) return []
  const isShort = ({ livedMs, agoMs }: LifeEnd) => livedMs < SHORT_LIFE_MS && agoMs <= LOOP_WINDOW_MS
  const end = lifeEnds.findIndex((life) => !isShort(life))
  return lifeEnds.slice(0, end === -1 ? lifeEnds.length : end)
}

/** True when the agent failed at least twice in a row lately. */
export function isCrashLoop(facts: Lives): boolean {
  return shortLives(facts).length >= LOOP_LIVES
}

/** True when it lives, the watchdog says that it does not serve, and it did not answer just now. */
export function isHung({
  isAgentAlive,
  symptom,
  answers,
}: Pick<Facts, 'isAgentAlive' | 'symptom' | 'answers'>): boolean {
  return isAgentAlive && symptom !== null && HANG_SYMPTOMS.has(symptom) && answers.agent !== true
}

/** True when the newest life ended lately because its memory was used up. */
export function endedOutOfMemory({ lifeEnds }: Pick<Facts, 'lifeEnds'>): boolean {
  const [last] = lifeEnds
  if (!last || last.agoMs > LOOP_WINDOW_MS) return false
  return last.code === ABORTED || last.reason === 'out-of-memory' || last.reason === 'SIGABRT'
}

/** True when it lives, answers as far as anybody knows, and is in no crash loop. */
export function isServing(facts: Lives & Parameters<typeof isHung>[0]): boolean {
  return facts.isAgentAlive && !isHung(facts) && !isCrashLoop(facts)
}

/** The runs over which lives of the agent ended, again and again; most lives first. */
export function poisonedRuns({ unfinishedRuns }: Pick<Facts, 'unfinishedRuns'>): UnfinishedRun[] {
  return unfinishedRuns
    .filter(({ livesEnded }) => livesEnded >= POISON_LIVES)
    .toSorted((a, b) => b.livesEnded - a.livesEnded)
}

/** What a life says of its end, as a class; undefined where it says nothing that is known. */
export function classOfEnd({ reason }: Pick<LifeEnd, 'reason'>): FaultClass | undefined {
  const named = FAULT_CLASSES.find((word) => reason.split(' ').includes(word))
  return named ?? classOf(reason)
}

/** The fault from outside that every life of the crash loop ended with; undefined where there is none, or not one for all. */
export function outsideFault(facts: Lives): FaultClass | undefined {
  const lives = shortLives(facts)
  if (lives.length < LOOP_LIVES) return undefined
  const [first, ...others] = lives.map(classOfEnd)
  return first && OUTSIDE.has(first) && others.every((other) => other === first) ? first : undefined
}
