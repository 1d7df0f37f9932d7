/** What lies beside a home and must never change, and a home exactly as it is. */
import { createHash } from 'node:crypto'
import { existsSync, lstatSync, mkdirSync, readdirSync, readFileSync, readlinkSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { temporaryFolder } from '../repair/support.ts'

/** A folder of somebody else, with files that an action might be led to. */
export function makeOutside(): string {
  const folder = join(temporaryFolder(), 'outside')
  mkdirSync(join(folder, 'deep'), { recursive: true, mode: 0o755 })
  for (const name of ['secret.txt', 'agent.json', 'ports.json', join('deep', 'file')]) {
    writeFileSync(join(folder, name), `precious ${name}\n`, { mode: 0o644 })
  }
  return folder
}

/** Every entry below with kind, mode and content; links are not followed. `except` names what is not compared, by path relative to the root. */
export function fingerprint(root: string, except: RegExp = /^$/): Record<string, string> {
  if (!existsSync(root)) return {}
  const entries = readdirSync(root, { recursive: true, withFileTypes: true })
  return Object.fromEntries(
    entries
      .map((entry) => join(entry.parentPath, entry.name))
      .filter((path) => !except.test(relative(root, path)))
      .map((path) => [relative(root, path), describe(path)])
      .toSorted(([a = ''], [b = '']) => (a < b ? -1 : 1)),
  )
}

function describe(path: string): string {
  const stats = lstatSync(path)
  const mode = (stats.mode & 0o7777).toString(8)
  if (stats.isSymbolicLink()) return `link ${readlinkSync(path)}`
  if (stats.isDirectory()) return `folder ${mode}`
  if (!stats.isFile()) return `special ${mode}`
  return `file ${mode} ${createHash('sha256').update(readFileSync(path)).digest('hex').slice(0, 16)}`
}

/** The hands' own records, and what SQLite leaves beside a database that was looked into. */
export const RECORDS = /^data\/repairs(\.journal.*|$|\/)|^run\/repair\.lock|-shm$|-wal$/
