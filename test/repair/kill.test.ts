import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ACTIONS } from '../../src/repair/actions/table.ts'
import { execute, finishInterrupted, type Hands } from '../../src/repair/execute.ts'
import { openRepair, readJournal, verifyJournal } from '../../src/repair/journal.ts'
import type { HomePaths } from '../../src/shared/paths.ts'
import { type Prepared, SCENARIOS, type Scenario } from './scenarios.ts'
import { roomOf, temporaryFolder, temporaryHome, treeOf } from './support.ts'

const stranger = createServer()
let takenPort = 0

beforeAll(async () => {
  stranger.listen(0, '127.0.0.1')
  await once(stranger, 'listening')
  takenPort = (stranger.address() as { port: number }).port
})
afterAll(() => void stranger.close())

type Stage = { readonly paths: HomePaths; readonly prepared: Prepared; readonly hands: Hands }

async function stage({ prepare }: Scenario): Promise<Stage> {
  const paths = temporaryHome()
  const prepared = await prepare(paths, { folder: temporaryFolder(), takenPort })
  const hands: Hands = {
    paths,
    environment: { PATH: prepared.path ?? '', OTTUGI_SECRET: 'x' },
    ...(prepared.root ? { root: prepared.root } : {}),
    readRoom: roomOf(prepared.freeMb ?? 10_000),
  }
  return { paths, prepared, hands }
}

function everything({ paths, prepared }: Stage): Record<string, string> {
  return { ...treeOf(paths.home), ...(prepared.root ? treeOf(join(prepared.root, '..')) : {}) }
}

async function killAt(scenario: Scenario, killAt: number) {
  const stageNow = await stage(scenario)
  const before = everything(stageNow)
  const { paths, prepared, hands } = stageNow
  const order = JSON.stringify({ home: paths.home, action: scenario.action, killAt, ...prepared })
  const child = spawn(process.execPath, [join(import.meta.dirname, 'actUntilKilled.ts'), order], { stdio: 'ignore' })
  const [, signal] = await once(child, 'exit')
  const finished = await finishInterrupted(hands)
  return { signal, finished, before, after: everything(stageNow), paths }
}

describe.each(SCENARIOS)('$action: $name', (scenario) => {
  it('is repaired, and a kill after any step leaves the snapshot or the whole repair', async () => {
    const steps: string[] = []
    const whole = await stage(scenario)
    const hands = { ...whole.hands, progress: (step: string) => void steps.push(step) }
    const result = await execute(hands, {
      action: scenario.action,
      args: whole.prepared.args,
      by: 'test',
      fault: 'test',
    })
    expect(result).toMatchObject({ ok: true })
    const repaired = everything(whole)

    const kills = await Promise.all(steps.map((_, index) => killAt(scenario, index)))
    for (const [index, { signal, finished, before, after, paths }] of kills.entries()) {
      const at = `killed after ${steps[index]}`
      expect(signal, at).toBe('SIGKILL')
      expect(finished.ok, at).toBe(true)
      const isCompleted = readJournal(paths.repairsJournal).at(-1)?.step === 'committed'
      expect(after, at).toEqual(isCompleted ? repaired : before)
      expect(openRepair(paths.repairsJournal), at).toEqual([])
      expect(verifyJournal(paths.repairsJournal).ok, at).toBe(true)
    }
    expect(steps).toContain('committed')
  })

  it('leaves everything as it was when its proof fails', async () => {
    const failing = await stage(scenario)
    const before = everything(failing)
    const action = ACTIONS.get(scenario.action)
    if (!action) throw new Error('no such action')
    const actions = new Map([
      [action.id, { ...action, postcondition: () => ({ ok: false as const, reason: 'made to fail' }) }],
    ])
    const request = { action: scenario.action, args: failing.prepared.args, by: 'test', fault: 'test' }
    const result = await execute({ ...failing.hands, actions }, request)
    expect(result).toEqual({ ok: false, kind: 'failed', reason: `${action.id}: made to fail`, undone: true })
    expect(everything(failing)).toEqual(before)
  })

  it('does nothing in a dry run, and nothing twice', async () => {
    const twice = await stage(scenario)
    const before = everything(twice)
    const request = { action: scenario.action, args: twice.prepared.args, by: 'test', fault: 'test' }
    expect(await execute(twice.hands, { ...request, dryRun: true })).toMatchObject({ ok: true })
    expect(everything(twice)).toEqual(before)
    expect(readJournal(twice.paths.repairsJournal)).toEqual([])
    await execute(twice.hands, request)
    const repaired = everything(twice)
    await execute(twice.hands, request)
    expect(everything(twice)).toEqual(repaired)
  })
})

it('has a scenario for every action of the table', () => {
  const tried = new Set(SCENARIOS.map(({ action }) => action))
  // Ending a process leaves no file behind: these have tests of their own.
  expect([...ACTIONS.keys()].filter((id) => !tried.has(id))).toEqual(['stop_own_orphan', 'restart'])
})
