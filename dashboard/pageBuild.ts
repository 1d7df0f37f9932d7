/** Has the page built where that was not done, or was done from other sources: after a clone, and after an update of a checkout. */
import { spawn } from 'node:child_process'
import { accessSync, constants, existsSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { setPriority } from 'node:os'
import { dirname, join } from 'node:path'
import type { Logger } from '../src/shared/log.ts'
import { keyFileOf, pageKey } from './pageKey.ts'

/** Nothing waits for the page: whoever asks meanwhile gets the small one, which asks again. */
const LOW_PRIORITY = 10

/** Begins it in a process of its own, at low priority; does nothing where the page is as it should be, or cannot be built here. */
export function buildWhereStale(root: string, distFolder: string, log: Logger): void {
  const script = join(root, 'scripts', 'buildDashboard.ts')
  if (!existsSync(script) || !isWritable(dirname(distFolder)) || !isInstalled(root, 'vite')) return
  if (isBuilt(root, distFolder)) return
  const child = spawn(process.execPath, [script], { cwd: root, env: { NO_COLOR: '1' }, stdio: 'ignore' })
  child.on('error', (error) => log.warn({ error: error.message }, 'the page was not built'))
  child.on('exit', (code) => log[code === 0 ? 'info' : 'warn']({ code }, 'the page was built'))
  child.on('spawn', () => yieldToOthers(child.pid))
}

/** A service may be forbidden to (and the build may have ended already): then it runs as it is. */
function yieldToOthers(pid: number | undefined): void {
  try {
    if (pid !== undefined) setPriority(pid, LOW_PRIORITY)
  } catch {
    // No more than a courtesy.
  }
}

/** A service of the system sees its program read-only. */
function isWritable(folder: string): boolean {
  try {
    accessSync(folder, constants.W_OK)
    return true
  } catch {
    return false
  }
}

function isBuilt(root: string, distFolder: string): boolean {
  try {
    return readFileSync(keyFileOf(distFolder), 'utf8') === pageKey(root)
  } catch {
    return false
  }
}

function isInstalled(root: string, name: string): boolean {
  try {
    createRequire(join(root, 'package.json')).resolve(name)
    return true
  } catch {
    return false
  }
}
