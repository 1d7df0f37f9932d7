import { EXIT } from '../shared/exitCodes.ts'
import { phrase } from '../shared/messages/phrase.ts'
import { printedCommand } from '../shared/printedCommand.ts'
import type { LaunchdKind } from './launchdPlist.ts'
import type { Call } from './programs.ts'
import type { Refusal } from './refusal.ts'

/** What is asked for. `user`: whom a daemon runs as. */
export type LaunchdWish = {
  readonly system?: boolean
  readonly name: string
  readonly home: string
  readonly user: string | undefined
}

/** What of this Mac matters to it. */
export type LaunchdHost = {
  readonly uid: number
  readonly call: Call
  /** The uid of a folder's owner; undefined where it is missing. */
  readonly ownerOf: (path: string) => number | undefined
}

const NAME = /^[A-Za-z0-9][\w-]{0,39}$/
// biome-ignore lint/suspicious/noControlCharactersInRegex: XML 1.0 cannot hold control characters at all
const UNWRITABLE = /[\u0000-\u001f\u007f]/

/** Why no property list can be installed here; undefined where one can. Looked at before anything is changed. */
export async function launchdRefusal(wish: LaunchdWish, host: LaunchdHost): Promise<Refusal | undefined> {
  const { system, name, home, user } = wish
  if (!NAME.test(name)) return { words: phrase('service.badName', { name }), code: EXIT.usage }
  if (UNWRITABLE.test(home)) {
    return { words: phrase('service.badPath', { path: JSON.stringify(home) }), code: EXIT.usage }
  }
  const kind: LaunchdKind = system ? 'daemon' : 'agent'
  const command = printedCommand('service install --system')
  if (kind === 'agent') {
    return host.uid === 0 ? { words: phrase('launchd.rootAgent', { command }), code: EXIT.usage } : undefined
  }
  if (host.uid !== 0) return { words: phrase('service.notRoot', { command }), code: EXIT.usage }
  if (user === undefined || user === 'root')
    return { words: phrase('launchd.whichUser', { command }), code: EXIT.usage }
  return userRefusal(home, user, host)
}

/** A daemon runs as the owner of its home: nobody else may read it, root would leave files there that its owner cannot open. */
async function userRefusal(home: string, user: string, { call, ownerOf }: LaunchdHost): Promise<Refusal | undefined> {
  const { code, out } = await call('id', ['-u', user])
  if (code !== 0) return { words: phrase('launchd.noUser', { user }), code: EXIT.usage }
  const owner = ownerOf(home)
  if (owner === undefined) return { words: phrase('launchd.noHome', { home, user }), code: EXIT.refused }
  if (owner === Number(out.trim())) return undefined
  return { words: phrase('service.homeOfOther', { home, owner, user }), code: EXIT.refused }
}
