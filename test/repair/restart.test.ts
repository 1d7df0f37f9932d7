import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import { execute, finishInterrupted } from '../../src/repair/execute.ts'
import { openRepair, readJournal } from '../../src/repair/journal.ts'
import { isAlive, ownIdentity } from '../../src/shared/identity.ts'
import type { HomePaths } from '../../src/shared/paths.ts'
import { announce, livingApp } from './apps.ts'
import { temporaryHome, treeOf } from './support.ts'

let paths: HomePaths
beforeEach(() => {
  paths = temporaryHome()
})

const restart = (app: 'agent' | 'dashboard' = 'agent') =>
  execute({ paths, environment: {} }, { action: 'restart', args: { app }, by: 'test', fault: 'hang' })

describe('restart', () => {
  it('ends an app that lives and does not answer, and starts nothing', async () => {
    const app = await livingApp('silent')
    announce(paths, 'dashboard', app)
    const before = treeOf(paths.home)
    expect(await restart('dashboard')).toMatchObject({ ok: true, note: expect.stringContaining('by SIGTERM') })
    expect(isAlive(app.identity)).toBe(false)
    expect(treeOf(paths.home)).toEqual(before)
  })

  it('ends one that does not listen to SIGTERM with its whole group', async () => {
    const app = await livingApp('stubborn')
    announce(paths, 'agent', app)
    expect(await restart()).toMatchObject({ ok: true, note: expect.stringContaining('by SIGKILL') })
    expect([isAlive(app.identity), isAlive(app.child)]).toEqual([false, false])
  })

  it('takes the environment of a process as proof where the ledger does not reach back', async () => {
    const app = await livingApp('silent', { OTTUGI_HOME: paths.home })
    announce(paths, 'agent', app, false)
    expect(await restart()).toMatchObject({ ok: true })
  })

  it.each([
    ['that answers', async () => announced('answers'), 'the agent answers'],
    [
      'of whom the ledger knows another nonce',
      async () => {
        const app = await livingApp('silent')
        announce(paths, 'agent', app, { ...app.identity, nonce: 'another' })
        return app
      },
      'not proved',
    ],
    [
      'that the ledger calls another app',
      async () => {
        const app = await livingApp('silent')
        announce(paths, 'watchdog', app)
        announce(paths, 'agent', app, false)
        return app
      },
      'not proved',
    ],
    [
      'that only the identity file names',
      async () => {
        const app = await livingApp('silent', { OTTUGI_HOME: '/somewhere/else' })
        announce(paths, 'agent', app, false)
        return app
      },
      'not proved',
    ],
    [
      'whose pid was given to another process',
      async () => {
        const app = await livingApp('silent')
        const earlier = { ...app.identity, startTicks: app.identity.startTicks - 1 }
        announce(paths, 'agent', { ...app, identity: earlier })
        return app
      },
      'no living agent',
    ],
    [
      'that has no address yet',
      async () => {
        const app = await livingApp('silent')
        announce(paths, 'agent', { ...app, url: null })
        return app
      },
      'may be starting',
    ],
    ...[
      'http://203.0.113.1:80',
      'http://example.org',
      'https://127.0.0.1',
      'file:///etc/passwd',
      'http://a@127.0.0.1',
      '?',
    ].map(
      (url) =>
        [
          `whose address is ${url}`,
          async () => {
            const app = await livingApp('silent')
            announce(paths, 'agent', { ...app, url })
            return app
          },
          'another machine',
        ] as const,
    ),
  ] as const)('leaves a process alone %s', async (_name, prepare, reason) => {
    const app = await prepare()
    expect(await restart()).toMatchObject({ ok: false, kind: 'refused', reason: expect.stringContaining(reason) })
    expect(isAlive(app.identity)).toBe(true)
  })

  it('never ends who asks for it', async () => {
    announce(paths, 'agent', { identity: ownIdentity(), url: 'http://127.0.0.1:9' })
    expect(await restart()).toMatchObject({ ok: false, kind: 'refused', reason: expect.stringContaining('itself') })
  })

  it('is told truly after a kill between any two of its steps', async () => {
    const steps = ['begin', 'snapshot', 'act:done', 'acted', 'verified', 'finish:done', 'committed']
    await Promise.all(steps.map((step, killAt) => killedAfter(step, killAt)))
  })
})

async function killedAfter(step: string, killAt: number): Promise<void> {
  const home = temporaryHome()
  const app = await livingApp('silent')
  announce(home, 'agent', app)
  const order = JSON.stringify({ home: home.home, action: 'restart', args: { app: 'agent' }, killAt })
  const hands = spawn(process.execPath, [join(import.meta.dirname, 'actUntilKilled.ts'), order], { stdio: 'ignore' })
  expect((await once(hands, 'exit'))[1], step).toBe('SIGKILL')
  await finishInterrupted({ paths: home, environment: {} })
  const last = readJournal(home.repairsJournal).at(-1)?.step
  const before = { begin: 'undone', snapshot: 'failed' }[step]
  expect(openRepair(home.repairsJournal), step).toEqual([])
  expect([last, isAlive(app.identity)], step).toEqual(before ? [before, true] : ['committed', false])
}

async function announced(manner: 'answers') {
  const app = await livingApp(manner)
  announce(paths, 'agent', app)
  return app
}
