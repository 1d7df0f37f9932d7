/** The files below a folder, in the order of their names, without following links. */
import type { Dirent } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'

/** Folders that are not looked into unless they are asked for. */
export const PASSED_OVER: readonly string[] = ['.git', 'node_modules']

/** Yields the absolute path of every plain file; ends early when it is cancelled. What cannot be read is passed over. */
export async function* filesBelow(folder: string, isAll: boolean, signal: AbortSignal): AsyncGenerator<string> {
  const entries = await entriesOf(folder)
  for (const entry of entries) {
    if (signal.aborted) return
    const path = join(folder, entry.name)
    if (entry.isFile()) yield path
    else if (entry.isDirectory() && (isAll || !PASSED_OVER.includes(entry.name))) yield* filesBelow(path, isAll, signal)
  }
}

async function entriesOf(folder: string): Promise<Dirent[]> {
  try {
    return (await readdir(folder, { withFileTypes: true })).sort((a, b) => (a.name < b.name ? -1 : 1))
  } catch {
    return []
  }
}
