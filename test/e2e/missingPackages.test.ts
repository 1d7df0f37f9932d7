/** With every package gone, a start is a braked fault and not a loop: the ledger needs built-ins only. */
import { spawnSync } from 'node:child_process'
import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { readBoots } from '../../src/shared/bootledger.ts'
import { EXIT } from '../../src/shared/exitCodes.ts'
import { type AppName, appRoot, homePaths } from '../../src/shared/paths.ts'

let folder: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ottugi-bare-'))
  for (const name of ['src', 'dashboard', 'package.json'])
    cpSync(join(appRoot, name), join(folder, 'app', name), { recursive: true })
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const ENTRIES: readonly (readonly [AppName, string])[] = [
  ['agent', 'src/agent/main.ts'],
  ['watchdog', 'src/watchdog/main.ts'],
  ['dashboard', 'dashboard/server.ts'],
]

/** Starts it again and again, as a supervisor would that knows nothing of exit 78. */
function startTimes(entry: string, times: number): (number | null)[] {
  const env = { OTTUGI_HOME: join(folder, 'home'), OTTUGI_SUPERVISED: '1', PATH: '/usr/bin:/bin' }
  const turns = Array.from({ length: times })
  return turns.map(
    () => spawnSync(process.execPath, [join(folder, 'app', entry)], { env, encoding: 'utf8', timeout: 20_000 }).status,
  )
}

it.each(ENTRIES)('%s: two failed starts, then every further one is refused', (app, entry) => {
  const codes = startTimes(entry, 12)
  expect(codes).not.toContain(EXIT.ok)
  expect(codes.slice(2)).toEqual(Array.from({ length: 10 }, () => EXIT.refused))
  const records = readBoots(homePaths(join(folder, 'home')).boots).filter((record) => record.app === app)
  expect(records.filter(({ kind }) => kind === 'start').length).toBeLessThanOrEqual(2)
  expect(records.some((record) => record.kind === 'refused')).toBe(true)
})
