/** What a state means to a reader; each has a shape, a colour and a sign for the title of the window. */
export type Tone = 'good' | 'warn' | 'bad' | 'busy' | 'info' | 'idle' | 'unknown'

/** One letter for the title of the window. */
export const TONE_SIGNS: Readonly<Record<Tone, string>> = {
  good: '✓',
  warn: '◐',
  bad: '▲',
  busy: '↻',
  info: '◆',
  idle: '○',
  unknown: '?',
}

const STATE_TONES: Readonly<Record<string, Tone>> = {
  healthy: 'good',
  suspect: 'warn',
  restarting: 'busy',
  repairing: 'busy',
  recovering: 'busy',
  givenUp: 'bad',
  maintenance: 'info',
  stopped: 'idle',
  neverStarted: 'idle',
}

/** The tone of a state of the watch; a word that is not known here is unknown, never good. */
export function toneOfState(state: string, degraded: readonly string[] = []): Tone {
  const tone = Object.hasOwn(STATE_TONES, state) ? STATE_TONES[state] : undefined
  return tone === 'good' && degraded.length > 0 ? 'warn' : (tone ?? 'unknown')
}

/** The tone of how an incident ended. */
export function toneOfOutcome(outcome: string): Tone {
  if (outcome === 'healed') return 'good'
  if (outcome === 'degraded') return 'warn'
  if (outcome === 'escalated') return 'bad'
  return outcome === 'open' ? 'busy' : 'unknown'
}
