/** Updates of a system service, as its user calls them: to a good version, to one that takes itself back, and back by a person. All of it stays in the unit. */
import { chmodSync, cpSync } from 'node:fs'
import { join } from 'node:path'
import { type ClientReport, startClient } from '../../src/drill/client.ts'
import { readUpdate } from '../../src/service/update/updateRecord.ts'
import { APPS, appRoot } from '../../src/shared/paths.ts'
import { readRescueNote } from '../../src/shared/rescueFolder.ts'
import { type Change, ENDS_IN_PLACE, NEW_FORM, otherVersion } from '../drills/otherVersion.ts'
import { groupOf, must, type Ran, type RingInBox, ringOf, run, runMeanwhile } from './inside.ts'
import { asOwner, installSystem, type Seen, SYSTEM_HOME, wishOf } from './stage.ts'

/** A good one, a start by systemd with it, back to what was installed, and a bad one that has changed the databases already. */
export async function updates(): Promise<Seen> {
  const ring = ringOf(SYSTEM_HOME)
  installSystem(ring)
  await ring.ready()
  const good = await update(ring, '--from', versionFor('99.0.0'), '--hold', '2s')
  must('systemctl', 'restart', 'ottugi')
  await ring.ready()
  const restarted = whatRuns(ring)
  const back = await update(ring, '--back')
  const bad = await update(ring, '--from', versionFor('99.1.0', [ENDS_IN_PLACE, NEW_FORM]), '--hold', '20s')
  const state = readUpdate(ring.paths)?.state
  const facts = { wish: wishOf(SYSTEM_HOME), strangers: await ring.settled(), state }
  return { good, restarted, bad, back, ...facts, journal: run('journalctl', '--no-pager', '-u', 'ottugi').out }
}

/** A version that its user may read, with all that belongs to one. */
function versionFor(version: string, changes: readonly Change[] = []): string {
  const { root } = otherVersion(version, changes)
  cpSync(join(appRoot, 'dist'), join(root, 'dist'), { recursive: true })
  chmodSync(root, 0o755)
  return root
}

type Updated = Ran & ReturnType<typeof whatRuns> & { readonly downMs: ClientReport['downMs'] }

/** One call of `update`, and what runs after it. */
async function update(ring: RingInBox, ...words: string[]): Promise<Updated> {
  const client = startClient(() => ring.living('agent')?.url ?? 'http://127.0.0.1:9')
  const ran = await runMeanwhile(...asOwner(ring.ottugi('update', ...words)))
  await ring.ready()
  const { downMs } = await client.stop()
  return { ...ran, ...whatRuns(ring), downMs: Math.round(downMs) }
}

/** Which version each of them says, whether all of them are in the unit, and which program its next start is. */
function whatRuns(ring: RingInBox) {
  const versions = [...new Set(APPS.map((app) => ring.living(app)?.version))]
  const outside = ring.pids().filter((pid) => !groupOf(pid).includes('ottugi.service'))
  const next = readRescueNote(ring.paths)
    ?.root.replace(SYSTEM_HOME, '')
    .replace(/-2\d{3}-.*/, '')
  return { versions, outside, next }
}
