/** The command line as a child process, in throw-away homes. */
import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach } from 'vitest'
import { appRoot, type HomePaths, homePaths } from '../../src/shared/paths.ts'

/** What a call came to. */
export type Called = { readonly code: number; readonly out: string; readonly err: string }

/** How a call is made; the defaults are an English reader in the checkout. */
export type CallOptions = {
  readonly environment?: Readonly<Record<string, string>>
  readonly cwd?: string
  /** Runs as this user; for root only. */
  readonly uid?: number
  readonly program?: string
}

const MAIN = join(appRoot, 'src', 'cli', 'main.ts')
const LIMIT_MS = 90_000

/** Nobody: the user that tests become where root would be let through. */
export const NOBODY = 65_534
export const IS_ROOT: boolean = process.getuid?.() === 0

/** Calls the command line. */
export function call(words: readonly string[], options: CallOptions = {}): Promise<Called> {
  const { environment = {}, cwd = appRoot, uid } = options
  const env = { PATH: '/usr/local/bin:/usr/bin:/bin', HOME: tmpdir(), LANG: 'C.UTF-8', ...environment }
  const user = uid === undefined ? {} : { uid, gid: uid }
  return new Promise((resolve) => {
    execFile(process.execPath, [MAIN, ...words], { env, cwd, timeout: LIMIT_MS, ...user }, (error, out, err) =>
      resolve({ code: typeof error?.code === 'number' ? error.code : error ? -1 : 0, out, err }),
    )
  })
}

const folders: string[] = []
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true })
})

/** An empty folder that goes when the test ends. */
export function emptyFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'ottugi-cli-'))
  folders.push(folder)
  return folder
}

/** A home that is not there yet. */
export function newHome(name = 'home'): HomePaths {
  return homePaths(join(emptyFolder(), name))
}
