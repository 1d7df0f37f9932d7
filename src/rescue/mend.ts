/** What must be there before anything of ours can start: the files that packages are installed from, the packages, the Node. */
import { execFile } from 'node:child_process'
import { constants, copyFileSync, existsSync, readFileSync, renameSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { execute, finishInterrupted, type Hands } from '../repair/execute.ts'
import { readDependencyFaults } from '../shared/dependencyState.ts'
import { INPUT_FILES, type RescueNote } from '../shared/rescueFolder.ts'

const run = promisify(execFile)
/** A Node says its version within milliseconds, on a starved machine within seconds. */
const VERSION_LIMIT_MS = 20_000

/** All is there (what had to be done for it, in words), or what is still wrong. */
export type MendResult =
  | { readonly ok: true; readonly done: readonly string[] }
  | { readonly ok: false; readonly reason: string }

/** Looks, mends, looks again. Only ever through the one pair of hands, and never touches what is well. */
export async function mend(hands: Hands & { readonly root: string }, note: RescueNote): Promise<MendResult> {
  if (!existsSync(hands.root)) return { ok: false, reason: `the folder of the program is missing: ${hands.root}` }
  const done: string[] = []
  const finished = await finishInterrupted(hands)
  if (finished.ok && finished.finished) done.push(`${finished.finished.action}: ${finished.finished.note}`)
  done.push(...putInputsBack(hands))
  if (readDependencyFaults(hands.root).length > 0) {
    const repaired = await execute(hands, {
      action: 'reinstall_dependencies',
      args: {},
      by: 'guardian',
      fault: 'dependencies',
    })
    if (!repaired.ok) return { ok: false, reason: repaired.reason }
    done.push(repaired.note)
  }
  return mendNode(hands.root, note, done)
}

/** Gone or no JSON: the copy of the last good state takes its place. One that merely differs is somebody's newer version. */
function putInputsBack({ root, paths }: Hands & { readonly root: string }): string[] {
  return INPUT_FILES.filter((name) => name.endsWith('.json')).flatMap((name) => {
    const [here, kept] = [join(root, name), join(paths.rescue, name)]
    if (isJson(here) || !isJson(kept)) return []
    if (existsSync(here)) renameSync(here, `${here}.damaged`)
    copyFileSync(kept, here, constants.COPYFILE_EXCL)
    return [`put ${name} back`]
  })
}

function isJson(path: string): boolean {
  try {
    JSON.parse(readFileSync(path, 'utf8'))
    return true
  } catch {
    return false
  }
}

/** A Node that is there and does not run is replaced by our own copy of it, the same version. */
async function mendNode(root: string, note: RescueNote, done: readonly string[]): Promise<MendResult> {
  const node = join(root, note.node)
  if (note.node.startsWith('/') || (await versionOf(node)) === note.nodeVersion) return { ok: true, done }
  // Another version that runs is the Node of a newer program.
  if (existsSync(node) && (await versionOf(node)) !== undefined) return { ok: true, done }
  try {
    const beside = `${node}.${process.pid}.tmp`
    copyFileSync(process.execPath, beside, constants.COPYFILE_FICLONE)
    renameSync(beside, node)
    return { ok: true, done: [...done, `put ${note.node} back`] }
  } catch (error) {
    return {
      ok: false,
      reason: `the Node of the program does not run and cannot be replaced: ${(error as Error).message}`,
    }
  }
}

async function versionOf(node: string): Promise<string | undefined> {
  try {
    const { stdout } = await run(node, ['--version'], { timeout: VERSION_LIMIT_MS, env: {} })
    return stdout.trim()
  } catch {
    return undefined
  }
}
