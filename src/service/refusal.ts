import { EXIT } from '../shared/exitCodes.ts'
import { type Phrase, phrase } from '../shared/messages/phrase.ts'
import { printedCommand } from '../shared/printedCommand.ts'
import type { SystemdHost } from './systemdHost.ts'
import type { Scope } from './systemdUnit.ts'

/** What is asked for. `user`: whom a system service runs as. */
export type ServiceWish = {
  readonly scope: Scope
  readonly name: string
  readonly home: string
  readonly root: string
  readonly user?: string
}

/** Why it cannot be, and the exit code. */
export type Refusal = { readonly words: Phrase; readonly code: number }

const NAME = /^[A-Za-z0-9][\w-]{0,39}$/
/** What `useradd` takes; root is no user of a service. */
const USER = /^(?!root$)[A-Za-z_][\w.-]{0,31}$/
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is refused
const UNWRITABLE = /[\u0000-\u001f\u007f]/

/** PURE but for the words of a command. Why no unit can be installed here; undefined where one can. Looked at before anything is changed. */
export function refusalOf({ scope, name, home, root, user }: ServiceWish, host: SystemdHost): Refusal | undefined {
  if (!NAME.test(name)) return wrong(phrase('service.badName', { name }))
  if (user !== undefined && !USER.test(user)) return wrong(phrase('service.badUser', { user: JSON.stringify(user) }))
  const unwritable = [home, root].find((path) => UNWRITABLE.test(path))
  if (unwritable !== undefined) return wrong(phrase('service.badPath', { path: JSON.stringify(unwritable) }))
  if (!host.hasSystemd) return failed(phrase('service.noSystemd', { command: printedCommand('run-forever') }))
  if (host.networkDisk !== undefined) {
    return failed(phrase('service.networkHome', { home, kind: host.networkDisk }))
  }
  const system = printedCommand('service install --system')
  if (scope === 'system') return host.uid === 0 ? undefined : wrong(phrase('service.notRoot', { command: system }))
  if (host.uid === 0) return wrong(phrase('service.rootUser', { command: system }))
  if (host.hasSession) return undefined
  return failed(phrase('service.noBus', { user: host.user, folder: host.runtimeDir }))
}

function wrong(words: Phrase): Refusal {
  return { words, code: EXIT.usage }
}

function failed(words: Phrase): Refusal {
  return { words, code: EXIT.unavailable }
}
