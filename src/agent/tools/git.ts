/**
 * Runs git for a tool. A repository may come from anybody, and its own settings can name programs: nothing in it is started (no hooks, pager, external
 * diff, filters, signing, file system monitor), no network is used, no settings of the machine are read, and it must lie within the workspace.
 */
import { join, resolve } from 'node:path'
import { findFolder, findPlace, type PathRefusal } from './paths.ts'
import { type Ran, runProgram } from './runProgram.ts'
import { replaceFile } from './textFile.ts'
import type { ToolContext } from './tool.ts'

/** A repository that may be worked with. */
export type Repository = {
  readonly ok: true
  /** Its top folder, absolute. */
  readonly top: string
  /** Runs git in it. */
  readonly git: (args: readonly string[], environment?: Readonly<Record<string, string>>) => Promise<Ran>
}

/** What was asked of git, or why it could not be. */
export type GitAnswer =
  | { readonly ok: true; readonly text: string }
  | { readonly ok: false; readonly reason: string; readonly hint?: string }

const HARMLESS = [
  'core.hooksPath=/dev/null',
  'core.fsmonitor=false',
  'core.pager=cat',
  'core.attributesFile=/dev/null',
  'core.quotePath=false',
  'core.untrackedCache=false',
  'commit.gpgSign=false',
  'log.showSignature=false',
  'color.ui=false',
  'gc.auto=0',
  'maintenance.auto=false',
  'protocol.allow=never',
  'safe.bareRepository=explicit',
  'submodule.recurse=false',
]

/** Nothing of the machine's git settings, no questions, no lazy downloads, no globbing in names of files. */
const ENVIRONMENT = {
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_TERMINAL_PROMPT: '0',
  GIT_PAGER: 'cat',
  GIT_EDITOR: 'false',
  GIT_NO_LAZY_FETCH: '1',
  GIT_LITERAL_PATHSPECS: '1',
  GIT_ALLOW_PROTOCOL: 'none',
  GIT_OPTIONAL_LOCKS: '0',
}

/** Opens the repository that a folder of the workspace lies in. */
export async function openRepository(
  { workspace, signal }: Pick<ToolContext, 'workspace' | 'signal'>,
  path = '.',
): Promise<Repository | PathRefusal> {
  const folder = findFolder(workspace, path)
  if (!folder.ok) return folder
  const { root } = folder
  const run = (settings: readonly string[], args: readonly string[], environment = {}) =>
    runProgram({
      program: 'git',
      args: [...settings.flatMap((setting) => ['-c', setting]), '-C', folder.path, ...args],
      cwd: root,
      workspace: root,
      signal,
      environment: { ...ENVIRONMENT, GIT_CEILING_DIRECTORIES: join(root, '..'), ...environment },
    })
  const found = await run(HARMLESS, [
    'rev-parse',
    '--path-format=absolute',
    '--show-toplevel',
    '--git-dir',
    '--git-common-dir',
  ])
  if (!found.ok) return { ok: false, reason: found.isMissing ? 'git is not installed here' : found.reason }
  if (found.code !== 0) return noRepository(folder.shown, found.output)
  const folders = found.output.trim().split('\n')
  const strays = folders.filter((place) => !findPlace(root, place).ok)
  if (strays.length > 0)
    return { ok: false, reason: `the repository of ${folder.shown} lies, or points, outside the workspace` }
  hideOwnFolder(root)
  const settings = [...HARMLESS, ...(await filtersOff((args) => run(HARMLESS, args)))]
  return { ok: true, top: folders[0] ?? folder.path, git: (args, environment) => run(settings, args, environment) }
}

/** What a call of git came to, in words; a failure shows its message. */
export function gitAnswer(ran: Ran, hint?: string): GitAnswer {
  if (!ran.ok) return { ok: false, reason: ran.reason }
  if (ran.ended === 'cancelled') return { ok: false, reason: 'it was cancelled' }
  const text = ran.output.trimEnd()
  if (ran.code === 0) return { ok: true, text }
  const reason = text === '' ? `git ended with code ${ran.code ?? ran.signal}` : text
  return { ok: false, reason, ...(hint === undefined ? {} : { hint }) }
}

/** What is wrong with the name of a commit or branch; undefined for a good one. An option cannot be smuggled in. */
export function badRevision(revision: string): PathRefusal | undefined {
  if (/^[\w@][\w./@{}~^:+-]{0,250}$/.test(revision)) return undefined
  return {
    ok: false,
    reason: `${JSON.stringify(revision)} is no name of a commit or branch`,
    hint: 'such as HEAD~1, main, main..work',
  }
}

/** Names of files for git, relative to the top of the repository, or why one of them is refused. */
export function gitPaths(
  { top }: Repository,
  workspace: string,
  paths: readonly string[],
): { readonly ok: true; readonly paths: string[] } | PathRefusal {
  const places = paths.map((path) => ({ path, place: findPlace(workspace, resolve(top, path)) }))
  const bad = places.find(({ place }) => !place.ok)
  if (bad && !bad.place.ok) return { ...bad.place, reason: bad.place.reason.replace(resolve(top, bad.path), bad.path) }
  return { ok: true, paths: paths.map((path) => resolve(top, path)) }
}

/** Filters and merge drivers are programs that the settings name: each one that is named is emptied. */
async function filtersOff(git: (args: readonly string[]) => Promise<Ran>): Promise<string[]> {
  const listed = await git([
    'config',
    '--name-only',
    '--null',
    '--get-regexp',
    '^filter\\..*\\.(clean|smudge|process|required)$',
  ])
  if (!listed.ok || listed.code !== 0) return []
  return listed.output
    .split('\0')
    .filter(Boolean)
    .map((name) => (name.endsWith('.required') ? `${name}=false` : `${name}=`))
}

/** What we keep in the workspace belongs into nobody's commit. */
function hideOwnFolder(root: string): void {
  const place = findPlace(root, '.ottugi/.gitignore')
  if (place.ok && place.kind === 'missing' && findFolder(root, '.ottugi').ok) replaceFile(place, '*\n')
}

function noRepository(shown: string, output: string): PathRefusal {
  if (/dubious ownership/.test(output)) {
    return {
      ok: false,
      reason: `the repository at ${shown} belongs to another user of this machine, so git refuses it`,
    }
  }
  return {
    ok: false,
    reason: `${shown} is in no git repository`,
    hint: 'give the folder of the repository; git init, by shell, makes one',
  }
}
