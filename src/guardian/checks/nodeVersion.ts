import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { commandAnywhere } from '../../shared/printedCommand.ts'
import type { Check } from '../check.ts'
import { say } from '../say.ts'

/** Which packages carry Node, for any platform: one version holds for all of them. */
const CARRIERS = /^node-(?:linux|darwin|bin-darwin)-/

function pinnedVersion(appRoot: string): string | undefined {
  try {
    const { optionalDependencies } = JSON.parse(readFileSync(join(appRoot, 'package.json'), 'utf8'))
    const carrier = Object.keys(optionalDependencies ?? {}).find((name) => CARRIERS.test(name))
    return carrier ? String(optionalDependencies[carrier]) : undefined
  } catch {
    return undefined
  }
}

/** Does this process run on the Node that this version was tried with? Native packages of another major version crash. */
export const nodeVersion: Check = {
  id: 'nodeVersion',
  title: 'version of Node',
  look: ({ appRoot, language, paths }) => {
    const pinned = pinnedVersion(appRoot)
    const actual = process.version.slice(1)
    if (!pinned || pinned === actual) return []
    const isFar = pinned.split('.')[0] !== actual.split('.')[0]
    const what = say(language, 'guardian.nodeVersion', { actual, pinned })
    const human = say(language, 'guardian.nodeVersion.human', { command: commandAnywhere('start', paths.home) })
    return [{ check: 'nodeVersion', severity: isFar ? 'fail' : 'warn', what, fault: 'node-version', human }]
  },
}
