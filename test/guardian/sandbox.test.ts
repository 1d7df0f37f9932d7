import { existsSync, mkdirSync, readdirSync } from 'node:fs'
import { beforeEach, expect, it } from 'vitest'
import { sandbox } from '../../src/guardian/checks/sandbox.ts'
import { createContext } from '../../src/guardian/examine.ts'
import { defaultSettings } from '../../src/shared/config/load.ts'
import type { HomePaths } from '../../src/shared/paths.ts'
import { temporaryHome } from '../repair/support.ts'

let paths: HomePaths
beforeEach(() => {
  paths = temporaryHome()
  mkdirSync(paths.workspace, { recursive: true })
})

function look(change: Partial<ReturnType<typeof defaultSettings>['sandbox']> = {}, uid = process.getuid?.() ?? 0) {
  const settings = defaultSettings()
  const changed = { ...settings, sandbox: { ...settings.sandbox, ...change } }
  return sandbox.look({ ...createContext({ paths, environment: {}, language: 'en' }, false), settings: changed, uid })
}

/** What is said where it holds. */
const HOLDS = {
  check: 'sandbox',
  severity: 'ok',
  what: 'Tools run in a sandbox (bubblewrap): they see the workspace and the named folders, and have no network of their own.',
  fault: 'sandbox-holds',
}

it('says that the sandbox holds, and leaves nothing behind', async () => {
  expect(await look()).toEqual([HOLDS])
  expect(readdirSync(paths.workspace)).toEqual([])
})

it('says why no tool can run: the user for tools is root, or nobody', async () => {
  const human =
    'Install bubblewrap (Debian, Ubuntu: sudo apt install bubblewrap) and allow user namespaces; as root, name a user in sandbox.user that exists.'
  const finding = (why: string) => ({
    check: 'sandbox',
    severity: 'warn',
    what: `No tool that touches files or programs can run: ${why}.`,
    fault: 'sandbox-none',
    human,
  })
  expect(await look({ user: 'root' }, 0)).toEqual([finding('the user root (sandbox.user) is root or in its group')])
  expect(await look({ user: 'no-such-user' }, 0)).toEqual([
    finding('the user no-such-user (sandbox.user) does not exist'),
  ])
})

it('says which folders are not shown', async () => {
  expect(await look({ folders: ['/proc', `${paths.data}:rw`, '/nowhere/at/all'] })).toEqual([
    HOLDS,
    ...[
      '/proc is never shown to tools',
      `${paths.data}:rw holds the home of Ottugi, or lies in it`,
      '/nowhere/at/all does not exist',
    ].map((reason) => ({
      check: 'sandbox',
      severity: 'warn',
      what: `A folder of sandbox.folders is not shown to tools: ${reason}.`,
      fault: 'sandbox-folder',
      human: expect.stringContaining('config edit'),
    })),
  ])
  expect(existsSync(paths.data)).toBe(true)
})
