/** The service of a user: login, logout with linger and without, and a person's stop and start. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { waitFor } from '../../src/drill/waitFor.ts'
import { startWhileDead } from './deadSupervisor.ts'
import { groupOf, inSession, must, type RingInBox, ringOf, run } from './inside.ts'
import { LIMIT_MS, newUser, type Seen, USER, wishOf, writeSettings } from './stage.ts'

/** Dry run, install, logout with linger, logout without, a person's stop and start, uninstall. */
export async function user(): Promise<Seen> {
  const folder = newUser()
  const ring = ringOf(join(folder, 'o'))
  const dry = inSession(USER, ring.ottugi('service', 'install', '--dry-run'))
  const isUntouched = !existsSync(ring.paths.home) && !existsSync(join(folder, '.config'))
  const install = inSession(USER, ring.ottugi('service', 'install', '--no-start'))
  writeSettings(ring.paths.settings, USER)
  must('loginctl', 'enable-linger', USER)
  const isStarted = inSession(USER, ['systemctl', '--user', 'start', 'ottugi']).code
  const agent = await ring.ready()
  const again = inSession(USER, ring.ottugi('service', 'install'))
  inSession(USER, ['true'])
  const withLinger = ring.living('agent')?.nonce === agent.nonce
  const inUnit = groupOf(agent.pid).includes('ottugi.service')
  must('loginctl', 'disable-linger', USER)
  inSession(USER, ['true'])
  await ring.gone()
  const withoutLinger = wishOf(ring.paths.home)
  must('loginctl', 'enable-linger', USER)
  const second = await ring.ready(agent)
  const { stop, stopped } = await stopAsAPerson(ring)
  const start = inSession(USER, ring.ottugi('start'))
  const third = await ring.ready(second)
  const backInUnit = groupOf(third.pid).includes('ottugi.service')
  const revived = await startWhileDead(ring, (command) => inSession(USER, command))
  const uninstall = inSession(USER, ring.ottugi('service', 'uninstall'))
  await ring.gone()
  const left = run('find', join(folder, '.config'), '-type', 'f').out.trim()
  const rescueLeft = existsSync(ring.paths.rescue)
  const facts = {
    isUntouched,
    isStarted,
    withLinger,
    inUnit,
    withoutLinger,
    stopped,
    backInUnit,
    left,
    rescueLeft,
    revived,
  }
  return { ...facts, dry, install, again, stop, start, uninstall, wish: wishOf(ring.paths.home) }
}

async function stopAsAPerson(ring: RingInBox) {
  const stop = inSession(USER, ring.ottugi('stop'))
  await ring.gone()
  const active = ['systemctl', '--user', 'show', 'ottugi', '--property=ActiveState', '--value']
  const stopped = await waitFor('the unit to rest', LIMIT_MS, () => {
    const state = inSession(USER, active).out.trim()
    return state === 'inactive' ? state : undefined
  })
  return { stop, stopped }
}
