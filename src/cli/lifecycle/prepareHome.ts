import { chmodSync, mkdirSync, type Stats, statSync } from 'node:fs'
import { EXIT } from '../../shared/exitCodes.ts'
import { type Phrase, phrase } from '../../shared/messages/phrase.ts'
import { type HomePaths, SOCKET_PATH_LIMIT } from '../../shared/paths.ts'
import { shellWord } from '../../shared/printedCommand.ts'
import { longestPm2Socket } from '../../shared/supervisor/pm2.ts'

/** Why a folder cannot be a home, in one sentence, and the exit code: 78 where trying again cannot help, 1 for trouble with the disk. */
export type HomeProblem = { readonly words: Phrase; readonly code: number }

const PRIVATE = 0o700
const WRITABLE_BY_ALL = 0o002
const STICKY = 0o1000

/**
 * Makes the folders of a home, all of them private, or says why it cannot be one; then nothing was made. A home belongs to its user and
 * nobody else may write to it; its path must leave room for the unix sockets. What only the group may write to is closed without a word.
 */
export function prepareHome(paths: HomePaths): HomeProblem | undefined {
  const problem = pathTooLong(paths) ?? checkOwner(paths) ?? checkMode(paths.home)
  if (problem) return problem
  try {
    mkdirSync(paths.home, { recursive: true, mode: PRIVATE })
    chmodSync(paths.home, PRIVATE)
    for (const folder of [paths.data, paths.run, paths.pm2, paths.logs, paths.workspace, paths.alerts, paths.backups]) {
      mkdirSync(folder, { recursive: true, mode: PRIVATE })
    }
    for (const folder of [paths.run, paths.pm2, paths.data]) chmodSync(folder, PRIVATE)
    return undefined
  } catch (error) {
    return notUsable(paths.home, reasonOf(error as NodeJS.ErrnoException))
  }
}

/** A home of somebody else is neither changed nor read: what root reads there it may leave files behind in, which their owner cannot open. */
export function checkOwner({ home }: Pick<HomePaths, 'home'>): HomeProblem | undefined {
  let stats: Stats | undefined
  try {
    stats = statSync(home, { throwIfNoEntry: false })
  } catch (error) {
    return notUsable(home, reasonOf(error as NodeJS.ErrnoException))
  }
  if (!stats) return undefined
  if (!stats.isDirectory()) return notUsable(home, 'ENOTDIR: it is no folder')
  const own = process.getuid?.() ?? stats.uid
  return stats.uid === own ? undefined : refused(phrase('home.foreign', { home, owner: stats.uid, own }))
}

/** Others may have put files there already: a person should look before they count. */
function checkMode(home: string): HomeProblem | undefined {
  const mode = statSync(home, { throwIfNoEntry: false })?.mode ?? 0
  if ((mode & WRITABLE_BY_ALL) === 0) return undefined
  // With the sticky bit it is a /tmp: never a home.
  if ((mode & STICKY) !== 0) return refused(phrase('home.shared', { home }))
  return refused(phrase('home.openToAll', { home, command: `chmod 700 ${shellWord(home)}` }))
}

function pathTooLong(paths: HomePaths): HomeProblem | undefined {
  const { home, linkSocket, watchdogSocket } = paths
  const sockets = [linkSocket, watchdogSocket, longestPm2Socket(paths)]
  const longest = Math.max(...sockets.map((path) => Buffer.byteLength(path)))
  if (longest <= SOCKET_PATH_LIMIT) return undefined
  const bytes = Buffer.byteLength(home)
  return refused(phrase('home.pathTooLong', { home, bytes, most: SOCKET_PATH_LIMIT - (longest - bytes) }))
}

function refused(words: Phrase): HomeProblem {
  return { words, code: EXIT.refused }
}

function notUsable(home: string, reason: string): HomeProblem {
  return { words: phrase('home.notUsable', { home, reason }), code: EXIT.failed }
}

function reasonOf(error: NodeJS.ErrnoException): string {
  if (error.code === 'EROFS') return `EROFS: the file system is read-only (${error.path ?? ''})`
  return error.message
}
