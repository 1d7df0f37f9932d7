/** `ottugi run-forever` with a whole ring of real processes: as a child, and as the first process of a namespace, as in a container. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { afterEach, describe, expect, it } from 'vitest'
import { isReady } from '../../src/drill/ring.ts'
import { waitFor } from '../../src/drill/waitFor.ts'
import { readDesired, wouldResume, writeDesired } from '../../src/shared/desired.ts'
import { EXIT } from '../../src/shared/exitCodes.ts'
import { appRoot } from '../../src/shared/paths.ts'
import { listPids, readStat } from '../../src/shared/procfs.ts'
import { readRuntimeFile } from '../../src/shared/runtimeFile.ts'
import { AS_FIRST, NO_NAMESPACES } from '../service/firstProcess.ts'
import { createHome, type TestHome } from './home.ts'

const LIMIT_MS = 90_000
const MAIN = `${appRoot}/src/cli/main.ts`
const homes: TestHome[] = []
const started: ChildProcess[] = []

afterEach(async () => {
  for (const child of started.splice(0)) child.kill('SIGKILL')
  for (const home of homes.splice(0)) expect(await home.destroy()).toEqual([])
})

async function newHome(): Promise<TestHome> {
  const home = await createHome()
  homes.push(home)
  return home
}

type Foreground = {
  readonly child: ChildProcess
  readonly ended: Promise<number | null>
  /** What it said so far, to both outputs. */
  readonly said: () => string
}

/** Starts it without a terminal, as a container or cron does; `before` are the words of a program that starts it. */
function runForever({ paths }: TestHome, before: readonly string[] = [], words: readonly string[] = []): Foreground {
  const [program = '', ...rest] = [...before, process.execPath, MAIN, 'run-forever', ...words, '--home', paths.home]
  const env = { PATH: '/usr/local/bin:/usr/bin:/bin', HOME: paths.home, LANG: 'C.UTF-8' }
  const child = spawn(program, rest, { env, cwd: '/', stdio: ['ignore', 'pipe', 'pipe'] })
  started.push(child)
  let said = ''
  for (const output of [child.stdout, child.stderr]) output?.on('data', (chunk) => (said += chunk))
  const ended = once(child, 'exit').then(([code]) => code as number | null)
  return { child, ended, said: () => said }
}

/** A ready agent other than `than`. Asked over HTTP: its pid means nothing outside of its namespace. */
function readyAgent({ paths }: TestHome, than?: string): Promise<string> {
  return waitFor('a ready agent', LIMIT_MS, async () => {
    const file = readRuntimeFile(paths, 'agent')
    return file?.url && file.nonce !== than && (await isReady(file.url)) ? file.nonce : undefined
  })
}

/** Once all four are there, ends them in one go. */
async function killAll({ processes }: TestHome): Promise<void> {
  const found = await waitFor('all four processes', LIMIT_MS, () => (processes().length >= 4 ? processes() : undefined))
  for (const pid of found) {
    try {
      process.kill(pid, 'SIGKILL')
    } catch {
      // Went with another of them.
    }
  }
}

describe('in the foreground', () => {
  it('starts the ring, brings back all of it, lets nobody beside it, and ends it in good order', async () => {
    const home = await newHome()
    const foreground = runForever(home)
    const first = await readyAgent(home)

    const second = await home.ottugi('run-forever')
    expect([second.code, second.err]).toEqual([
      EXIT.tryAgain,
      expect.stringContaining('Another run-forever keeps this home'),
    ])

    await killAll(home)
    await readyAgent(home, first)
    foreground.child.kill('SIGTERM')
    expect(await foreground.ended, foreground.said()).toBe(EXIT.ok)
    expect(home.processes()).toEqual([])
    expect([readDesired(home.paths.desired), wouldResume(home.paths.desired)]).toEqual(['stopped', true])
    expect(foreground.said()).toMatch(
      /^Ottugi starts with the home .+\nOttugi is up\.\n[\s\S]*SIGTERM: everything is ended/,
    )
  })

  it('ends when a person stops it, stays ended without one, and a Ctrl-C is an end like another', async () => {
    const home = await newHome()
    const foreground = runForever(home)
    await readyAgent(home)
    expect((await home.ottugi('stop')).code).toBe(EXIT.ok)
    expect(await foreground.ended).toBe(EXIT.ok)

    const refused = await home.ottugi('run-forever')
    expect([refused.code, refused.out]).toEqual([EXIT.ok, expect.stringContaining('A person stopped this Ottugi')])
    expect(home.processes()).toEqual([])

    writeDesired(home.paths.desired, 'running')
    const again = runForever(home)
    await readyAgent(home)
    again.child.kill('SIGINT')
    expect(await again.ended).toBe(EXIT.ok)
    expect(home.processes()).toEqual([])
  })

  it('waits for the next start with --stay', async () => {
    const home = await newHome()
    const foreground = runForever(home, [], ['--stay'])
    const first = await readyAgent(home)
    expect((await home.ottugi('stop')).code).toBe(EXIT.ok)
    await waitFor('its word', LIMIT_MS, () => (/Stopped by a person/.test(foreground.said()) ? true : undefined))
    expect((await home.ottugi('start')).code).toBe(EXIT.ok)
    await readyAgent(home, first)
    foreground.child.kill('SIGHUP')
    expect(await foreground.ended).toBe(EXIT.ok)
    expect(home.processes()).toEqual([])
  })
})

/** The first process inside: the child of the one that made the namespace. */
function firstInside(maker: ChildProcess): number | undefined {
  return listPids().find((pid) => readStat(pid)?.parentPid === maker.pid)
}

function zombiesBelow(pid: number): number[] {
  return listPids().filter((child) => readStat(child)?.parentPid === pid && readStat(child)?.state === 'Z')
}

describe(`as PID 1${NO_NAMESPACES ? ` (${NO_NAMESPACES})` : ''}`, () => {
  it.skipIf(NO_NAMESPACES !== undefined)(
    'brings back all of it after kill -9, leaves no zombie, says how it is, and hands its exit code out',
    async () => {
      const home = await newHome()
      const foreground = runForever(home, AS_FIRST)
      const first = await readyAgent(home)
      const inside = firstInside(foreground.child) ?? 0
      expect(readFileSync(`/proc/${inside}/status`, 'utf8')).toMatch(/^NSpid:\t\d+\t1$/m)

      await killAll(home)
      const second = await readyAgent(home, first)
      await killAll(home)
      await readyAgent(home, second)
      // Eight processes and the daemons' parents were inherited; what ended is taken in by the next look at the latest.
      await waitFor('no zombie', LIMIT_MS, () => (zombiesBelow(inside).length === 0 ? true : undefined))

      process.kill(inside, 'SIGTERM')
      expect(await foreground.ended, foreground.said()).toBe(EXIT.ok)
      expect(home.processes()).toEqual([])
      expect(wouldResume(home.paths.desired)).toBe(true)
      expect(foreground.said()).not.toMatch(/Experimental|zombie/)
    },
  )
})
