/** Names the text of an action and of the gates before it: an approval and a learned rule are bound to them, and fall when they change. */
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** What every action passes: a rule that was learned behind a stricter gate is worth nothing behind a looser one. */
const GATES = ['recovery/corroborate', 'recovery/judge', 'recovery/picture', 'recovery/probe', 'repair/policy']
/** Source in a checkout, compiled in a package. */
const ENDINGS = ['.ts', '.js']
const NOT_ACTIONS = /^table\./

/** SHA-256 (hex) of the file that an action lies in; undefined where none says its name. `root` is the folder of the program. */
export function actionHash(root: string, action: string): string | undefined {
  const folder = join(root, 'src', 'repair', 'actions')
  const texts = filesIn(folder).map((name) => readText(join(folder, name)) ?? '')
  const named = texts.filter((text) => text.includes(`'${action}'`) || text.includes(`"${action}"`))
  return named.length === 0 ? undefined : hashOf(named)
}

/** SHA-256 (hex) of the gates. */
export function gateHash(root: string): string {
  return hashOf(
    GATES.map((gate) => ENDINGS.map((ending) => readText(join(root, 'src', `${gate}${ending}`)) ?? '').join('')),
  )
}

function filesIn(folder: string): string[] {
  try {
    const names = readdirSync(folder).filter((name) => ENDINGS.some((ending) => name.endsWith(ending)))
    return names.filter((name) => !NOT_ACTIONS.test(name)).toSorted()
  } catch {
    return []
  }
}

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return undefined
  }
}

function hashOf(texts: readonly string[]): string {
  return createHash('sha256').update(JSON.stringify(texts)).digest('hex')
}
