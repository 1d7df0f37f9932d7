/** The page is built where it is missing or old, by a process of its own, and only then. */
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { buildWhereStale } from '../../dashboard/pageBuild.ts'
import { keyFileOf, pageKey } from '../../dashboard/pageKey.ts'
import type { Logger } from '../../src/shared/log.ts'
import { appRoot } from '../../src/shared/paths.ts'

let root: string
const dist = () => join(root, 'dashboard', 'dist')

/** Resolves with what the log said of a build. */
function build(folder = root): { readonly isBegun: () => boolean; readonly ended: Promise<unknown> } {
  const ended = Promise.withResolvers<unknown>()
  let isBegun = false
  const say = (what: { readonly code?: unknown }) => ended.resolve(what.code)
  const log = { info: say, warn: say } as unknown as Logger
  const { length } = process.getActiveResourcesInfo().filter((name) => name === 'ProcessWrap')
  buildWhereStale(folder, join(folder, 'dashboard', 'dist'), log)
  isBegun = process.getActiveResourcesInfo().filter((name) => name === 'ProcessWrap').length > length
  return { isBegun: () => isBegun, ended: ended.promise }
}

/** A checkout of its own, with the packages of this one. */
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'ottugi-page-'))
  for (const name of ['package.json', 'package-lock.json', 'src/shared', 'scripts', 'dashboard']) {
    cpSync(join(appRoot, name), join(root, name), {
      recursive: true,
      filter: (path) => !path.startsWith(join(appRoot, 'dashboard', 'dist')),
    })
  }
  symlinkSync(join(appRoot, 'node_modules'), join(root, 'node_modules'))
})
afterAll(() => rmSync(root, { recursive: true, force: true }))

it('is built where it is missing, kept while it is as its sources are, and built again when they changed', {
  timeout: 240_000,
}, async () => {
  // A dashboard writes for itself alone.
  const before = process.umask(0o077)
  const first = build()
  process.umask(before)
  expect(first.isBegun()).toBe(true)
  expect(await first.ended).toBe(0)
  expect(readFileSync(keyFileOf(dist()), 'utf8')).toBe(pageKey(root))
  expect(readFileSync(join(dist(), 'index.html'), 'utf8')).toContain('<title>')
  // The page is for whoever runs the program.
  const modes = [dist(), join(dist(), 'assets'), join(dist(), 'index.html')].map((path) => statSync(path).mode & 0o777)
  expect(modes).toEqual([0o755, 0o755, 0o644])
  expect(build().isBegun()).toBe(false)
  writeFileSync(join(root, 'dashboard', 'web', 'public', 'extra.svg'), '<svg/>')
  const second = build()
  expect(await second.ended).toBe(0)
  expect(existsSync(join(dist(), 'extra.svg'))).toBe(true)
})

it('is left alone where the packages for building it are not installed, or its sources are not there', () => {
  const bare = mkdtempSync(join(tmpdir(), 'ottugi-page-'))
  expect(build(bare).isBegun()).toBe(false)
  for (const name of ['scripts', 'dashboard']) mkdirSync(join(bare, name))
  writeFileSync(join(bare, 'scripts', 'buildDashboard.ts'), 'process.exit(1)')
  expect(build(bare).isBegun()).toBe(false)
  rmSync(bare, { recursive: true })
})
