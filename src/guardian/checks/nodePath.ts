import { realpathSync } from 'node:fs'
import { text } from '../../shared/messages/text.ts'
import type { Check, Finding } from '../check.ts'

/** Folders that a version manager or a package manager names by a version, and removes with it. */
const VERSIONED: readonly (readonly [name: string, pattern: RegExp])[] = [
  ['nvm', /\/\.nvm\/versions\//],
  ['fnm', /\/(?:\.fnm|fnm)\/node-versions\/|\/fnm_multishells\//],
  ['Volta', /\/\.volta\/tools\/image\//],
  ['asdf', /\/\.asdf\/installs\//],
  ['mise', /\/mise\/installs\//],
  ['Homebrew', /\/Cellar\//],
  ['n', /\/n\/versions\/node\//],
  ['npx', /\/_npx\/[0-9a-f]+\//],
]

/** PURE. Whose versioned folder a path lies in; undefined for one that stays. */
export function versionedBy(path: string): string | undefined {
  return VERSIONED.find(([, pattern]) => pattern.test(path))?.[0]
}

/** Would an upgrade of Node, or its removal, take our program or our Node away? A service starts both by their paths. */
export const nodePath: Check = {
  id: 'nodePath',
  title: 'where Node and the program lie',
  look: ({ appRoot, language }) =>
    [...new Set([realPathOf(process.execPath), realPathOf(appRoot)])].flatMap((path): Finding[] => {
      const manager = versionedBy(`${path}/`)
      if (manager === undefined) return []
      const what = text(language, 'doctor.nodePath', { path, manager })
      const human = text(language, 'doctor.nodePath.human')
      return [{ check: 'nodePath', severity: 'warn', what, fault: 'node-path-versioned', human }]
    }),
}

function realPathOf(path: string): string {
  try {
    return realpathSync(path)
  } catch {
    return path
  }
}
