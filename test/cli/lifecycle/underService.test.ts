/** A start where a service keeps the home: systemd is asked, and nothing of the ring is started beside it. */
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { bringUpWhereItBelongs } from '../../../src/cli/lifecycle/underService.ts'
import { unitFolder } from '../../../src/service/installed.ts'
import { signUnit } from '../../../src/service/unitFile.ts'
import { ownIdentity } from '../../../src/shared/identity.ts'
import { APPS, type AppName } from '../../../src/shared/paths.ts'
import type { Supervisor } from '../../../src/shared/supervisor/supervisor.ts'
import { emptyFolder, newHome } from '../command.ts'

/** A home, a unit that serves `served`, and a systemctl that keeps its words and ends with this code. */
function stage({ served, code = 0 }: { readonly served?: string; readonly code?: number } = {}) {
  const paths = newHome()
  const folder = emptyFolder()
  const environment = { HOME: folder, PATH: folder, XDG_CONFIG_HOME: join(folder, 'config') }
  const units = unitFolder('user', environment)
  mkdirSync(units, { recursive: true })
  writeFileSync(join(units, 'kept.service'), signUnit(served ?? paths.home, '[Service]\nType=forking\n'))
  const said = join(folder, 'said')
  writeFileSync(join(folder, 'systemctl'), `#!/bin/sh\necho "$@" >> ${said}\nexit ${code}\n`)
  chmodSync(join(folder, 'systemctl'), 0o755)
  const started: (readonly AppName[])[] = []
  const asked = () => (existsSync(said) ? readFileSync(said, 'utf8').trim() : '')
  return { context: { paths, environment, language: 'en' as const }, started, asked }
}

function supervisorIn(started: (readonly AppName[])[], isAlive: boolean): Supervisor {
  return {
    find: () => (isAlive ? { ...ownIdentity(), state: 'S' } : undefined),
    start: async (apps: readonly AppName[]) => {
      started.push(apps)
      return { ok: true }
    },
  } as unknown as Supervisor
}

describe('with a dead supervisor', () => {
  it('the service is started, the lock is given away first, and nothing starts beside it', async () => {
    const { context, started, asked } = stage()
    const order: string[] = []
    const release = () => order.push(`released before: "${asked()}"`)
    const result = await bringUpWhereItBelongs(context, supervisorIn(started, false), release)
    expect(result).toEqual({ ok: true })
    expect(started).toEqual([])
    expect(asked()).toBe('--user start --no-block kept.service')
    expect(order).toEqual(['released before: ""'])
  })

  it('a home that no service keeps is started here', async () => {
    const { context, started, asked } = stage({ served: '/home/of/another' })
    expect(await bringUpWhereItBelongs(context, supervisorIn(started, false), () => {})).toEqual({ ok: true })
    expect({ started, asked: asked() }).toEqual({ started: [APPS], asked: '' })
  })

  it("a user's own systemd that is not there does not keep a person from a start", async () => {
    const { context, started } = stage({ code: 1 })
    expect(await bringUpWhereItBelongs(context, supervisorIn(started, false), () => {})).toEqual({ ok: true })
    expect(started).toEqual([APPS])
  })
})

describe('with a living supervisor', () => {
  it('what is missing is started by that one, wherever it lives', async () => {
    const { context, started, asked } = stage()
    const release = () => expect.unreachable('the lock is still needed')
    expect(await bringUpWhereItBelongs(context, supervisorIn(started, true), release)).toEqual({ ok: true })
    expect({ started, asked: asked() }).toEqual({ started: [APPS], asked: '' })
  })
})
