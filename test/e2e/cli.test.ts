/** The command line over a whole ring of real processes. */
import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { waitFor } from '../../src/drill/waitFor.ts'
import { readBoots } from '../../src/shared/bootledger.ts'
import { readDesired } from '../../src/shared/desired.ts'
import { APPS, homePaths, SOCKET_PATH_LIMIT } from '../../src/shared/paths.ts'
import { readLiving } from '../../src/shared/runtimeFile.ts'
import type { Status } from '../../src/shared/status.ts'
import { createPm2, longestPm2Socket } from '../../src/shared/supervisor/pm2.ts'
import { createHome, type TestHome } from './home.ts'

const LIMIT_MS = 60_000
const homes: TestHome[] = []

afterEach(async () => {
  for (const home of homes.splice(0)) expect(await home.destroy()).toEqual([])
})

async function newHome(nameIn?: (folder: string) => string): Promise<TestHome> {
  const home = await createHome(nameIn)
  homes.push(home)
  return home
}

const identities = ({ paths }: TestHome) => APPS.map((app) => readLiving(paths, app)?.nonce)
const status = async ({ ottugi }: TestHome) => JSON.parse((await ottugi('status', '--json')).out) as Status
const healthy = (home: TestHome) =>
  waitFor('a healthy state', LIMIT_MS, async () => ((await status(home)).state === 'healthy' ? true : undefined), 100)

describe('a life of start, status, restart, stop', () => {
  it('says what it did each time', async () => {
    const home = await newHome()
    const { ottugi, inKorean, paths } = home

    const first = await ottugi('start')
    expect(first.code, first.err).toBe(0)
    expect(first.out).toMatch(
      /^Ottugi is up \([\d.]+ s\)\.\n {2}agent {6}http:\S+\n {2}dashboard {2}http:\S+\n {2}home {7}\//,
    )
    const before = identities(home)
    const second = await ottugi('start')
    expect({ code: second.code, err: second.err }).toEqual({ code: 0, err: '' })
    expect(second.out).toMatch(/^Ottugi runs already\.\n/)
    expect(identities(home)).toEqual(before)
    const third = await ottugi('start', '--json')
    expect(JSON.parse(third.out)).toMatchObject({ home: paths.home, alreadyRunning: true, notes: [] })

    await healthy(home)
    const korean = await inKorean('status')
    expect(korean.code).toBe(0)
    expect(korean.out).toMatch(/^● 정상, .+째입니다\.\n {2}에이전트 {4}pid \d+ {2,}http/)
    expect((await inKorean('incidents')).out).toBe('아직 장애가 없습니다.\n')
    expect((await inKorean('start')).out).toMatch(/^오뚝이가 이미 실행 중입니다\.\n {2}에이전트 {2}http/)
    expect(await ottugi('status')).toMatchObject({
      code: 0,
      out: expect.stringMatching(/^● Healthy for .+\n {2}agent {7}pid /),
    })
    expect(JSON.parse((await ottugi('health', '--json')).out)).toMatchObject({ status: 'pass' })
    expect((await ottugi('doctor')).out).toMatch(/^All is well/)
    expect(
      (await ottugi('logs', '--json')).out
        .trim()
        .split('\n')
        .every((line) => JSON.parse(line).time),
    ).toBe(true)

    const link = JSON.parse((await ottugi('dashboard', '--json')).out)
    const signIn = await fetch(link.loginUrl, { redirect: 'manual' })
    expect(signIn.status).toBe(303)

    const restarted = await ottugi('restart')
    expect(restarted.out).toMatch(/^agent restarted: pid \d+ \([\d.]+ s\)\.\n$/)
    expect(identities(home).map((nonce, index) => nonce === before[index])).toEqual([true, false, true])

    expect(await ottugi('stop')).toEqual({ code: 0, out: 'Ottugi is stopped.\n', err: '' })
    expect(home.processes()).toEqual([])
    expect(readDesired(paths.desired)).toBe('stopped')
    expect(await ottugi('stop')).toMatchObject({ code: 0, out: `Nothing to stop: no Ottugi runs in ${paths.home}.\n` })
    expect(await ottugi('restart')).toMatchObject({ code: 69, out: '' })
    expect((await inKorean('status')).out).toMatch(/^○ 멈춤\(요청하신 대로\)\.\n시작: /)
  })

  it('refuses to restart or start with broken settings, and touches nothing that runs', async () => {
    const home = await newHome()
    const { ottugi, paths } = home
    expect((await ottugi('start')).code).toBe(0)
    const before = identities(home)
    const records = readBoots(paths.boots).length
    writeFileSync(paths.settings, 'agent: { prot: 1 }\nwatchdog: { hangMs: soon }\n')
    for (const words of [['restart'], ['restart', 'all'], ['start']]) {
      const refused = await ottugi(...words)
      expect({ code: refused.code, out: refused.out }).toEqual({ code: 78, out: '' })
      expect(refused.err).toMatch(/agent\.prot[\s\S]*watchdog\.hangMs[\s\S]*Nothing was (re)?started/)
    }
    expect(identities(home)).toEqual(before)
    expect(readBoots(paths.boots)).toHaveLength(records)
    expect(readDesired(paths.desired)).toBe('running')
    writeFileSync(paths.settings, home.settings)
  })
})

describe('two starts at once', () => {
  it('both end well, and there is one ring', async () => {
    const home = await newHome()
    const results = await Promise.all([home.ottugi('start', '--json'), home.ottugi('start', '--json')])
    expect(results.map(({ code, err }) => ({ code, err }))).toMatchObject([{ code: 0 }, { code: 0 }])
    const told = results.map(({ out }) => JSON.parse(out) as { agent: { pid: number } })
    expect(told[0]?.agent.pid).toBe(told[1]?.agent.pid)
    const starts = readBoots(home.paths.boots).filter(({ kind }) => kind === 'start')
    expect(starts.map(({ app }) => app).toSorted()).toEqual([...APPS].toSorted())
    expect(home.processes()).toHaveLength(APPS.length + 1)
  })
})

describe('a home with a difficult path', () => {
  it.each([
    ['spaces and letters of the world', (folder: string) => join(folder, "오뚝이's 집 ü $x")],
    [
      'the longest path that leaves room for a socket',
      (folder: string) => {
        const rest = SOCKET_PATH_LIMIT - Buffer.byteLength(longestPm2Socket(homePaths(join(folder, 'x')))) + 1
        return join(folder, 'x'.repeat(rest))
      },
    ],
  ])('%s: starts, is killed, comes back, stops', async (_, nameIn) => {
    const home = await newHome(nameIn)
    const { ottugi, paths } = home
    const started = await ottugi('start')
    expect(started.code, started.err).toBe(0)
    await healthy(home)
    for (const app of APPS) {
      const killed = readLiving(paths, app)
      process.kill(killed?.pid ?? 0, 'SIGKILL')
      await waitFor(`another ${app}`, LIMIT_MS, () => {
        const living = readLiving(paths, app)
        return living && living.nonce !== killed?.nonce ? true : undefined
      })
    }
    const supervisor = createPm2(paths, {})
    const killed = supervisor.find()
    process.kill(killed?.pid ?? 0, 'SIGKILL')
    await waitFor('another supervisor', LIMIT_MS, () => {
      const found = supervisor.find()
      return found && found.pid !== killed?.pid ? true : undefined
    })
    await healthy(home)
    expect(await ottugi('stop')).toMatchObject({ code: 0, out: 'Ottugi is stopped.\n' })
    expect(home.processes()).toEqual([])
  })
})

it('listens beyond this machine with the token that the first start makes', async () => {
  const home = await newHome()
  writeFileSync(home.paths.settings, home.settings.replace('agent: {', 'agent: { host: 0.0.0.0,'))
  const started = await home.ottugi('start', '--json')
  expect(started.code, started.err).toBe(0)
  expect(JSON.parse(started.out).notes).toEqual([])
  const { url } = JSON.parse(started.out).agent
  expect((await fetch(`${url}/metrics`)).status).toBe(401)
  expect((await home.ottugi('health')).code).toBe(0)
  rmSync(home.paths.settings)
  writeFileSync(home.paths.settings, home.settings)
})
