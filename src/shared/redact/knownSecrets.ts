/** Which values of an installation are secrets. */
import { looksSecret } from '../childEnvironment.ts'
import { comparableKey } from '../config/environmentNames.ts'
import { isWorthMasking } from './ordinary.ts'

/** Names beside those of {@link looksSecret} whose values let somebody in. */
const FURTHER_NAMES =
  /(?:^|_)(?:AUTH|PASS|PWD|DSN|PIN|COOKIE|SIGNATURE|WEBHOOK|SALT|SEED|MNEMONIC)(?:_|$)|(?:DATABASE|MONGO\w*|REDIS|POSTGRES\w*|AMQP|SMTP)_UR[IL]$/i
/** These are folders of the shell, also where their names sound otherwise. */
const NO_SECRETS: ReadonlySet<string> = new Set(['PWD', 'OLDPWD', 'SSH_AUTH_SOCK', 'XAUTHORITY', 'GPG_AGENT_INFO'])

/**
 * The values to mask wherever they stand: every value of `.env` that is no setting, and those of the environment whose names say so.
 * An address counts with the password in it. Values that are too short or too ordinary are left out.
 */
export function knownSecrets(sources: {
  readonly env: ReadonlyMap<string, string>
  readonly environment: NodeJS.ProcessEnv
}): string[] {
  const found = new Set<string>()
  for (const [name, value] of sources.env) {
    if (soundsSecret(name) || comparableKey(name)?.includes('.') !== true) take(found, value)
  }
  for (const [name, value] of Object.entries(sources.environment)) {
    if (value !== undefined && !NO_SECRETS.has(name) && soundsSecret(name)) take(found, value)
  }
  return [...found]
}

function soundsSecret(name: string): boolean {
  return looksSecret(name) || FURTHER_NAMES.test(name)
}

function take(found: Set<string>, value: string): void {
  for (const secret of [value, ...passwordsIn(value)]) if (isWorthMasking(secret)) found.add(secret)
}

/** The password of an address, as it stands there and as it is meant. */
function passwordsIn(value: string): string[] {
  const [, password] = /^[a-z][a-z0-9+.-]*:\/\/[^\s/:@]*:([^\s]+)@/i.exec(value) ?? []
  if (password === undefined) return []
  try {
    return [password, decodeURIComponent(password)]
  } catch {
    return [password]
  }
}
