/** The service under a real systemd. Each test is a machine of its own, or several with the same home: a reboot. */
import { chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { copyCheckout } from '../../src/drill/checkoutCopy.ts'
import { lockfileWithoutHashes } from '../../src/drill/localRegistry.ts'
import { appRoot } from '../../src/shared/paths.ts'
import { type BoxOptions, inBox, missingForBoxes } from './box.ts'

const missing = missingForBoxes()
/** What bubblewrap leaves over: see src/service/hardening.ts. */
const SCORE_WITH_TOOLS = 2.6

const folders: string[] = []
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true })
})

// biome-ignore lint/suspicious/noExplicitAny: what a scenario saw is compared field by field below
async function seen(name: string, words: readonly string[] = [], options: BoxOptions = {}): Promise<any> {
  const { code, out, journal } = await inBox(name, words, options)
  if (code !== 0) throw new Error(`${name} ended with ${code}: ${out}\n--- journal\n${journal}`)
  return JSON.parse(out.trimEnd().split('\n').at(-1) ?? '')
}

describe.skipIf(missing)(`under a real systemd${missing ? ` (not run: ${missing})` : ''}`, () => {
  it('a user service outlives the logout of a user who lingers, ends with one who does not, and obeys stop and start', async () => {
    const was = await seen('user')
    expect(was).toMatchObject({
      isUntouched: true,
      isStarted: 0,
      withLinger: true,
      inUnit: true,
      withoutLinger: 'paused',
      stopped: 'inactive',
      backInUnit: true,
      left: '',
      rescueLeft: false,
      wish: 'stopped',
    })
    const codes = [was.dry, was.install, was.again, was.stop, was.start, was.uninstall].map(({ code }) => code)
    expect(codes).toEqual([0, 0, 0, 0, 0, 0])
    expect(was.dry.out).toContain('ExecStart=')
    expect(was.again.out).toContain('as it should be')
  })

  it('a system service is closed as far as a sandbox bears, holds tools in a whole one, is fed, and leaves nothing', async () => {
    const was = await seen('system')
    expect(was.install.code).toBe(0)
    const score = Number(/Exposure[^:]*: ([\d.]+)/.exec(was.install.out)?.[1])
    expect(score).toBeGreaterThan(0)
    expect(score).toBeLessThanOrEqual(SCORE_WITH_TOOLS)
    expect(was.sandbox).toEqual({ mode: 'bubblewrap' })
    expect(was.own).toBe('ottugi')
    expect(Number(/WatchdogTimestampMonotonic=(\d+)/.exec(was.fed)?.[1])).toBeGreaterThan(0)
    expect({ left: was.left, wish: was.wish }).toEqual({ left: [], wish: 'paused' })
  })

  it('comes back when three, when all are killed, and when all hang', async () => {
    const was = await seen('kills')
    expect(was.install).toBe(0)
    expect([was.threeKilledMs, was.allKilledMs, was.hungMs].every((ms) => ms > 0)).toBe(true)
    // The three were brought back from inside; systemd itself had to act for the other two.
    expect(Number(/NRestarts=(\d+)/.exec(was.results)?.[1])).toBeGreaterThanOrEqual(2)
  })

  it('comes back after a reboot, also when the packages are gone meanwhile', async () => {
    const place = mkdtempSync('/var/tmp/ottugi-reboot-')
    folders.push(place)
    chmodSync(place, 0o755)
    const { program, keep, home } = await makeMachine(place)
    const before = await seen('beforeReboot', [program, home, keep], { shared: [place] })
    expect(before).toMatchObject({ install: { code: 0 }, left: [], wish: 'paused' })
    const after = await seen('afterReboot', [program, home], { shared: [place], kept: keep })
    expect(after).toMatchObject({ alerts: '', wish: 'running' })
    expect(after.nonce).not.toBe(before.nonce)
    rmSync(join(program, 'node_modules'), { recursive: true })
    const healed = await seen('afterReboot', [program, home, 'registry'], { shared: [place], kept: keep })
    expect(healed).toMatchObject({ alerts: '', wish: 'running' })
    expect(healed.journal).toContain('installed the packages of the lockfile anew')
    expect(existsSync(join(program, 'node_modules', 'better-sqlite3', 'package.json'))).toBe(true)
  })
})

/** A program that may be damaged, and where its home and what systemd knows of it outlive a box. */
async function makeMachine(place: string) {
  const keep = join(place, 'keep')
  mkdirSync(keep)
  const temporary = process.env['TMPDIR']
  process.env['TMPDIR'] = place
  try {
    const { root: program } = copyCheckout()
    cpSync(join(appRoot, 'dist'), join(program, 'dist'), { recursive: true })
    const lockfile = join(program, 'package-lock.json')
    writeFileSync(lockfile, lockfileWithoutHashes(readFileSync(lockfile, 'utf8')))
    return { program, keep, home: join(place, 'home') }
  } finally {
    if (temporary === undefined) delete process.env['TMPDIR']
    else process.env['TMPDIR'] = temporary
  }
}
