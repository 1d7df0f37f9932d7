/** Are the packages there? In a checkout by npm's own note, in the installed package by the disk. */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import { readDependencyFaults } from '../../src/shared/dependencyState.ts'
import { installCommand, PACKED_LOCKFILE } from '../../src/shared/lockedPackages.ts'
import { temporaryFolder } from '../repair/support.ts'

const PACKAGES = {
  '': { version: '1.0.0' },
  'node_modules/one': { version: '1.0.0' },
  'node_modules/one/node_modules/inner': { version: '3.0.0' },
  'node_modules/ours': { version: '26.0.0', optional: true, os: [process.platform], cpu: [process.arch] },
  'node_modules/theirs': { version: '26.0.0', optional: true, os: ['plan9'], cpu: ['vax'] },
}

let root: string
beforeEach(() => {
  root = temporaryFolder()
})

function write(path: string, content: unknown): void {
  mkdirSync(dirname(join(root, path)), { recursive: true })
  writeFileSync(join(root, path), typeof content === 'string' ? content : JSON.stringify(content))
}

function install(): void {
  for (const [where, { version }] of Object.entries(PACKAGES)) {
    if (where !== '' && !where.endsWith('theirs')) write(`${where}/package.json`, { version })
  }
}

describe('an installed package', () => {
  beforeEach(() => {
    write(PACKED_LOCKFILE, { packages: PACKAGES })
    install()
  })

  it('is whole without a note of npm', () => {
    expect(readDependencyFaults(root)).toEqual([])
  })

  it('misses what is gone, empty, damaged or of another version', () => {
    rmSync(join(root, 'node_modules/one/node_modules/inner'), { recursive: true })
    write('node_modules/ours/package.json', '')
    expect(readDependencyFaults(root)).toEqual([
      { where: 'node_modules/one/node_modules/inner', what: 'missing' },
      { where: 'node_modules/ours', what: 'missing' },
    ])
    install()
    write('node_modules/one/package.json', { version: '0.9.0' })
    expect(readDependencyFaults(root)).toEqual([{ where: 'node_modules/one', what: 'other-version' }])
    write('node_modules/one/package.json', '{')
    expect(readDependencyFaults(root)).toEqual([{ where: 'node_modules/one', what: 'missing' }])
  })

  it('finds what npm has put beside it, for several packages at once', () => {
    const program = join(root, 'node_modules', 'ottugi')
    write(`node_modules/ottugi/${PACKED_LOCKFILE}`, { packages: PACKAGES })
    expect(readDependencyFaults(program)).toEqual([])
    write('node_modules/ours/package.json', { version: '25.0.0' })
    expect(readDependencyFaults(program)).toEqual([{ where: 'node_modules/ours', what: 'other-version' }])
  })

  it('is told how to install by hand what its lockfile says, under the name that npm knows', () => {
    const command = `cd ${root} && cp packages.lock.json package-lock.json && npm ci --ignore-scripts`
    expect(installCommand(root)).toBe(command)
    write('package-lock.json', { packages: PACKAGES })
    expect(installCommand(root)).toBe(`cd ${root} && npm ci --ignore-scripts`)
  })

  it('goes by the note where a repair has installed it anew', () => {
    write('node_modules/.package-lock.json', { packages: { 'node_modules/one': { version: '1.0.0' } } })
    expect(readDependencyFaults(root).map(({ where }) => where)).toEqual([
      'node_modules/one/node_modules/inner',
      'node_modules/ours',
    ])
  })
})

it('a checkout without the note of npm was never installed', () => {
  write('package-lock.json', { packages: PACKAGES })
  install()
  expect(readDependencyFaults(root)).toEqual([{ where: 'node_modules', what: 'no-lockfile' }])
})

it('what has no lockfile at all is not judged', () => {
  expect(readDependencyFaults(root)).toEqual([])
})
