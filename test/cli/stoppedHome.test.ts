/** Read commands on a home where nothing runs: they say so, and leave nothing behind. */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { writeAlert } from '../../src/alert/alertFile.ts'
import type { Incident } from '../../src/shared/incident.ts'
import { type HomePaths, homePaths } from '../../src/shared/paths.ts'
import { listPids } from '../../src/shared/procfs.ts'
import { call, emptyFolder, newHome } from './command.ts'

const READ_COMMANDS: readonly (readonly [string[], number])[] = [
  [['status'], 0],
  [['status', '--json'], 0],
  [['health'], 69],
  [['health', '--json'], 69],
  [['logs'], 0],
  [['logs', '--follow'], 0],
  [['logs', '--json'], 0],
  [['incidents'], 0],
  [['incidents', '--json'], 0],
  [['incidents', 'I1'], 1],
  [['alerts'], 0],
  [['alerts', '--json'], 0],
  [['alerts', 'I1'], 1],
  [['doctor'], 0],
  [['doctor', '--json'], 0],
  [['config', 'list', '--json'], 0],
  [['config', 'path'], 0],
  [['config', 'validate', '--json'], 0],
  [['config', 'secret', 'list'], 0],
  [['maintenance', 'status', '--json'], 0],
  [['dashboard'], 69],
  [['stop'], 0],
  [['restart'], 69],
]

/** Our own processes carry the home in their environment. */
function processesOf(home: string): number[] {
  return listPids().filter((pid) => {
    try {
      return readFileSync(`/proc/${pid}/environ`, 'utf8').includes(`=${home}`)
    } catch {
      return false
    }
  })
}

function everythingIn({ home }: HomePaths): string[] {
  return readdirSync(home, { recursive: true, encoding: 'utf8' }).toSorted()
}

/** Free ports: a doctor must not find somebody else on ours. */
const environment = { OTTUGI_AGENT__PORT: '0', OTTUGI_DASHBOARD__PORT: '0' }

describe('where nothing was ever started', () => {
  it.each(READ_COMMANDS)('%j makes no file and no process, and ends with %i', async (words, expected) => {
    const paths = newHome()
    const { code, err } = await call([...words, '--home', paths.home], { environment })
    expect({ code, stack: err.includes('    at ') }).toEqual({ code: expected, stack: false })
    expect(existsSync(paths.home)).toBe(false)
    expect(processesOf(paths.home)).toEqual([])
  })
})

describe('where it is stopped', () => {
  const ending = READ_COMMANDS.filter(([words]) => !words.includes('--follow'))
  it.each(ending)('%j changes no file and starts no process', async (words) => {
    const paths = homePaths(emptyFolder())
    for (const folder of [paths.data, paths.run, paths.logs]) mkdirSync(folder, { mode: 0o700 })
    writeFileSync(paths.desired, 'stopped\n')
    writeFileSync(paths.settings, 'language: en\n')
    const before = everythingIn(paths)
    await call([...words, '--home', paths.home], { environment })
    expect(everythingIn(paths)).toEqual(before)
    expect(processesOf(paths.home)).toEqual([])
  })
})

it('status tells a home that was never started from one that was stopped, and from one that nobody watches', async () => {
  const paths = homePaths(emptyFolder())
  const status = async () => {
    const { code, out } = await call(['status', '--home', paths.home])
    return { code, first: out.split('\n')[0] }
  }
  expect(await status()).toEqual({ code: 0, first: '○ Not started here yet.' })
  mkdirSync(paths.data)
  writeFileSync(paths.desired, 'stopped\n')
  expect(await status()).toEqual({ code: 0, first: '○ Stopped, as you wished.' })
  writeFileSync(paths.desired, 'running\n')
  expect(await status()).toEqual({ code: 1, first: '▲ Unknown: nobody watches.' })
})

describe('alerts', () => {
  const incident = (id: string): Incident => ({
    id,
    openedAt: '2026-11-20T21:00:00.000Z',
    closedAt: null,
    fault: 'settings-invalid',
    symptom: 'refused',
    tier: 'human',
    outcome: 'escalated',
    downMs: null,
    detectMs: 10,
    actions: [],
    modelCalls: 0,
    costUsd: 0,
    human: null,
  })

  it('lists the open ones first, shows one, and prints JSON', async () => {
    const paths = homePaths(emptyFolder())
    for (const id of ['I2', 'I10', 'I3']) writeAlert(paths, incident(id), 'the \u001b[31mfile\nis broken', 'en')
    writeFileSync(paths.alertsOpen, 'I3\n')
    const listed = await call(['alerts', '--home', paths.home])
    expect(listed).toMatchObject({ code: 0, err: '' })
    const lines = listed.out.trimEnd().split('\n')
    expect(lines.map((line) => line.slice(0, 13))).toEqual(['▲ open    I3 ', '○ closed  I10', '○ closed  I2 '])
    const json = (await call(['alerts', '--json', '--home', paths.home])).out.trimEnd().split('\n')
    expect(json.map((line) => JSON.parse(line))[0]).toEqual({
      id: 'I3',
      open: true,
      title: 'Ottugi needs you: settings-invalid',
      file: join(paths.alerts, 'I3.md'),
      severity: null,
      acknowledged: null,
      messages: [],
    })
    const one = await call(['alerts', 'i3', '--home', paths.home])
    expect(one.code).toBe(0)
    expect(one.out).toContain('# Ottugi needs you')
    expect(one.out).not.toContain('\u001b')
  })
})
