/** Watches `.env` and `ottugi.yaml` while the agent runs. Secrets are taken over at once; settings only at the next start, but a mistake is told now. */
import { statSync } from 'node:fs'
import { readEnvFile } from '../../shared/config/envFile.ts'
import { loadSettings, type SettingsInput } from '../../shared/config/load.ts'
import { formatProblem } from '../../shared/config/problem.ts'
import type { HealthCheck } from '../../shared/health.ts'
import type { Language } from '../../shared/messages/message.ts'
import { text } from '../../shared/messages/text.ts'

/** Polled, because file events are missing on network and container mounts; a stat costs microseconds. */
const POLL_MS = 1_000

/** The files, the language of the check, and what the running agent was started with. */
export type InputsFacts = {
  readonly input: SettingsInput
  readonly language: Language
  readonly secrets: ReadonlyMap<string, string>
  readonly onSecrets: () => void
  /** The settings changed and are valid. */
  readonly onGoodSettings: () => void
}

export type InputsWatch = {
  /** The secrets as `.env` has them now; the last readable ones where it cannot be read. */
  readonly secrets: () => ReadonlyMap<string, string>
  /** The check `settings`. */
  readonly check: () => HealthCheck
  /** Looks at once, when we have just written one of the files ourselves. */
  readonly lookNow: () => void
}

/** Begins to watch. */
export function watchInputs({ input, language, secrets: first, onSecrets, onGoodSettings }: InputsFacts): InputsWatch {
  let secrets = first
  let check: HealthCheck = { status: 'pass' }
  let seenSettings = stampOf(input.settingsFile)
  let seenEnv = stampOf(input.envFile)
  const began = { settings: seenSettings, env: seenEnv }

  const look = () => {
    const settings = stampOf(input.settingsFile)
    const env = stampOf(input.envFile)
    const isEnvChanged = env !== seenEnv
    const areSettingsChanged = settings !== seenSettings
    if (!areSettingsChanged && !isEnvChanged) return
    seenSettings = settings
    seenEnv = env
    if (isEnvChanged) {
      const file = readEnvFile(input.envFile)
      if (file.ok) secrets = file.variables
      onSecrets()
    }
    check = checkSettings(input, language, settings !== began.settings)
    if (areSettingsChanged && check.status === 'pass') onGoodSettings()
  }
  setInterval(look, POLL_MS)
  return { secrets: () => secrets, check: () => check, lookNow: look }
}

function checkSettings(input: SettingsInput, language: Language, isChanged: boolean): HealthCheck {
  const loaded = loadSettings(input)
  if (loaded.ok)
    return isChanged ? { status: 'pass', output: text(language, 'agent.settingsChanged') } : { status: 'pass' }
  const problem = loaded.problems.map((one) => formatProblem(one, language)).join(' ')
  return { status: 'warn', output: text(language, 'agent.settingsInvalid', { problem }) }
}

/** Changes whenever the file is written, replaced, or removed. */
function stampOf(path: string): string {
  const stat = statSync(path, { throwIfNoEntry: false, bigint: true })
  return stat ? `${stat.ino}:${stat.mtimeNs}:${stat.ctimeNs}:${stat.size}` : 'missing'
}
