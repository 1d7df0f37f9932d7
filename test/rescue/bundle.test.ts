/** The bundle as it is built, run from a home of its own, with a program that is damaged: nothing of the program but this file is loaded. */
import { execFile } from 'node:child_process'
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { waitFor } from '../../src/drill/waitFor.ts'
import { writeDesired } from '../../src/shared/desired.ts'
import { appRoot, type HomePaths, homePaths } from '../../src/shared/paths.ts'

const run = promisify(execFile)
/** Says what it was started with, and ends well. */
const PROGRAM = "console.log('program', ...process.argv.slice(2))\n"

let folder: string
let paths: HomePaths
let program: string

beforeAll(async () => {
  await run(process.execPath, [join(appRoot, 'scripts', 'buildRescue.ts')], { cwd: appRoot })
}, 240_000)
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ottugi-bundle-'))
  program = join(folder, 'program')
  paths = homePaths(join(folder, 'home'))
  for (const made of [program, paths.rescue, paths.run]) mkdirSync(made, { recursive: true, mode: 0o700 })
  copyFileSync(join(appRoot, 'dist', 'rescue.mjs'), join(paths.rescue, 'rescue.mjs'))
  writeFileSync(join(program, 'main.mjs'), PROGRAM)
  // A checkout has one: commands are printed as one types them there.
  writeFileSync(join(program, 'ottugi.yaml'), '')
  const note = { root: program, node: process.execPath, main: 'main.mjs', nodeVersion: process.version }
  writeFileSync(join(paths.rescue, 'program.json'), JSON.stringify({ ...note, lockfileHash: null, savedAt: '' }))
  for (const place of [program, paths.rescue]) {
    writeFileSync(join(place, 'package.json'), '{"name":"x","version":"1.0.0"}')
    writeFileSync(join(place, 'package-lock.json'), '{"name":"x","version":"1.0.0","lockfileVersion":3,"packages":{}}')
  }
  mkdirSync(join(program, 'node_modules'))
  writeFileSync(join(program, 'node_modules', '.package-lock.json'), '{"packages":{}}')
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

async function rescue(word: string, environment: Record<string, string> = {}) {
  const words = [join(paths.rescue, 'rescue.mjs'), word, '--home', paths.home]
  const env = { PATH: '/usr/bin:/bin', LANG: 'C.UTF-8', ...environment }
  return run(process.execPath, words, { env }).then(
    ({ stdout }) => ({ code: 0, out: stdout }),
    ({ code, stdout, stderr }) => ({ code, out: `${stdout}${stderr}` }),
  )
}

describe('the rescue, alone', { timeout: 240_000 }, () => {
  it('wants to run where the owner does', async () => {
    expect(await rescue('wanted')).toEqual({ code: 1, out: '' })
    writeDesired(paths.desired, 'running')
    expect(await rescue('wanted')).toEqual({ code: 0, out: '' })
    expect(await rescue('stop')).toEqual({ code: 0, out: '' })
    expect(readFileSync(paths.desired, 'utf8')).toBe('paused\n')
    expect(await rescue('wanted')).toEqual({ code: 0, out: '' })
  })

  it('starts the program, and not against a wish', async () => {
    writeDesired(paths.desired, 'stopped')
    expect(await rescue('start')).toEqual({ code: 0, out: '' })
    writeDesired(paths.desired, 'running')
    expect(await rescue('start')).toEqual({ code: 0, out: `program start --service --home ${paths.home}\n` })
  })

  it('waits for whoever holds the start lock', async () => {
    writeDesired(paths.desired, 'running')
    const held = join(folder, 'held')
    writeFileSync(held, '')
    const once = `import { existsSync, rmSync } from 'node:fs'\nconst held = ${JSON.stringify(held)}\n`
    const busy = 'if (existsSync(held)) {\n  rmSync(held)\n  process.exit(75)\n}\n'
    writeFileSync(join(program, 'main.mjs'), `${once}${busy}${PROGRAM}`)
    expect(await rescue('start')).toEqual({ code: 0, out: `program start --service --home ${paths.home}\n` })
    expect(existsSync(held)).toBe(false)
  })

  it('puts a lockfile back that is gone or damaged', async () => {
    writeDesired(paths.desired, 'running')
    writeFileSync(join(program, 'package-lock.json'), '{"name":')
    rmSync(join(program, 'package.json'))
    const { code, out } = await rescue('start')
    expect({ code, out }).toMatchObject({ code: 0 })
    expect(out).toContain('rescue: put package.json back')
    expect(JSON.parse(readFileSync(join(program, 'package-lock.json'), 'utf8')).name).toBe('x')
    expect(existsSync(join(program, 'package-lock.json.damaged'))).toBe(true)
  })

  it('calls a person, once, when the service ends too often', async () => {
    for (const result of ['exit-code', 'success', 'watchdog']) await rescue('ended', { SERVICE_RESULT: result })
    expect(existsSync(paths.alertsOpen)).toBe(false)
    await rescue('ended', { SERVICE_RESULT: 'timeout' })
    expect(readFileSync(paths.alertsOpen, 'utf8')).toBe('S1\n')
    const alert = readFileSync(join(paths.alerts, 'S1.md'), 'utf8')
    expect(alert).toContain('the last time with: timeout')
    expect(alert).toContain(`${program}/bin/ottugi service logs --home ${paths.home}`)
  })

  it('counts an end of all processes that nobody wished, which systemd finds good', async () => {
    writeDesired(paths.desired, 'stopped')
    await rescue('stop')
    for (const _ of [1, 2, 3]) {
      expect(existsSync(paths.alertsOpen)).toBe(false)
      writeDesired(paths.desired, 'running')
      await rescue('stop')
    }
    expect(readFileSync(join(paths.alerts, 'S1.md'), 'utf8')).toContain('the last time with: gone')
  })

  it('calls a person for a program that is not in its place, and goes on when it is back', async () => {
    writeDesired(paths.desired, 'running')
    const away = join(folder, 'away')
    renameSync(program, away)
    const started = rescue('start')
    const alert = await waitFor('the alert', 60_000, () =>
      existsSync(paths.alertsOpen) ? readFileSync(join(paths.alerts, 'S1.md'), 'utf8') : undefined,
    )
    expect(alert).toContain(`The folder of the program is not there any more: ${program}`)
    renameSync(away, program)
    expect(await started).toMatchObject({ code: 0 })
    expect(existsSync(paths.alertsOpen)).toBe(false)
  })

  it('says when systemd gave up, and refuses other words', async () => {
    expect((await rescue('alert')).code).toBe(0)
    expect(readFileSync(paths.alertsOpen, 'utf8')).toBe('S1\n')
    expect((await rescue('dance')).code).toBe(2)
  })
})
