/** Names of environment variables, and the settings that they stand for. */

const PREFIX = 'OTTUGI_'

/** Variables of ours that are no settings. */
export const RESERVED_VARIABLES: ReadonlySet<string> = new Set([
  'OTTUGI_HOME',
  'OTTUGI_TOKEN',
  'OTTUGI_SESSION_SECRET',
  'OTTUGI_NODE',
  'OTTUGI_SUPERVISED',
])

/** True for a variable of ours that is no setting; every `OTTUGI_TOKEN_…` is one. */
export function isReservedVariable(name: string): boolean {
  return RESERVED_VARIABLES.has(name) || name.startsWith('OTTUGI_TOKEN_')
}

/** The variable of a setting: `watchdog.intervalMs` is `OTTUGI_WATCHDOG__INTERVAL_MS`. */
export function environmentName(key: string): string {
  return PREFIX + key.split('.').map(upperSnake).join('__')
}

function upperSnake(camel: string): string {
  return camel.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase()
}

/**
 * The part of a variable's name that names a setting, in a form to compare: `OTTUGI_WATCHDOG__INTERVAL_MS` is `watchdog.intervalms`.
 * Undefined for a variable that cannot mean a setting.
 */
export function comparableKey(variable: string): string | undefined {
  if (!variable.startsWith(PREFIX) || isReservedVariable(variable)) return undefined
  return comparable(variable.slice(PREFIX.length).split('__').join('.'))
}

/** A dotted key without case and `_`, as variables name it. */
export function comparable(key: string): string {
  return key.replaceAll('_', '').toLowerCase()
}
