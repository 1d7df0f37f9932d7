import { readdirSync } from 'node:fs'
import { basename, dirname, join, relative } from 'node:path'
import { editDistance } from '../../shared/config/editDistance.ts'

/** Entries that are looked at before a guess is given up. */
const MAX_SEEN = 5_000
const MAX_NAMED = 3
const SKIPPED = new Set(['.git', 'node_modules'])

/** Existing paths that a missing one may have meant, relative to the root: of its own folder nearly the same name, elsewhere the same name. */
export function nearNames(root: string, missing: string): string[] {
  const wanted = basename(missing)
  const beside = namesIn(dirname(missing))
    .map((name) => ({ name, distance: editDistance(wanted.toLowerCase(), name.toLowerCase()) }))
    .filter(({ distance }) => distance <= Math.max(1, wanted.length / 4))
    .sort((a, b) => a.distance - b.distance)
    .map(({ name }) => join(dirname(missing), name))
  const found = [...new Set([...beside, ...sameName(root, wanted)])]
  return found.slice(0, MAX_NAMED).map((path) => relative(root, path))
}

function sameName(root: string, wanted: string): string[] {
  const folders = [root]
  const found: string[] = []
  let seen = 0
  for (const folder of folders) {
    for (const entry of entriesIn(folder)) {
      seen += 1
      if (entry.isDirectory() && !SKIPPED.has(entry.name)) folders.push(join(folder, entry.name))
      if (entry.name === wanted) found.push(join(folder, entry.name))
    }
    if (seen > MAX_SEEN || found.length >= MAX_NAMED) break
  }
  return found
}

function namesIn(folder: string): string[] {
  return entriesIn(folder).map(({ name }) => name)
}

function entriesIn(folder: string) {
  try {
    return readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1))
  } catch {
    return []
  }
}
