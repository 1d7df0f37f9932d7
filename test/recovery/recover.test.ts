/** One run of recovery: who is asked in which order, what is done, and what never is. */
import { existsSync, mkdirSync, statSync, writeFileSync } from 'node:fs'
import fc from 'fast-check'
import { beforeEach, describe, expect, it } from 'vitest'
import { openApprovals } from '../../src/recovery/approve.ts'
import type { RecoveryPorts } from '../../src/recovery/ports.ts'
import type { ModelAnswer, ModelQuestion } from '../../src/recovery/propose.ts'
import { recover } from '../../src/recovery/recover.ts'
import { ACTIONS } from '../../src/repair/actions/table.ts'
import { appendStep, readJournal } from '../../src/repair/journal.ts'
import { answer } from '../../src/shared/approvals/approvals.ts'
import { now } from '../../src/shared/clock.ts'
import { acquireLock } from '../../src/shared/lockFile.ts'
import type { HomePaths } from '../../src/shared/paths.ts'
import { temporaryHome, treeOf } from '../repair/support.ts'
import { evidenceOf, factsOf, failing, loseWorkspace, ORDER, openData, plan, portsIn, riskyAction } from './support.ts'

let paths: HomePaths
beforeEach(() => {
  paths = temporaryHome()
})

const run = (
  changes: Parameters<typeof portsIn>[1] = {},
  order: typeof ORDER | { fault: null; symptom: null; incident: null } = ORDER,
) => recover(order, portsIn(paths, changes))

const modeOf = (path: string) => (statSync(path).mode & 0o777).toString(8)

/** A model that answers from a list, and what it was asked. */
function scripted(...choices: (string | null)[]) {
  const asked: ModelQuestion[] = []
  const choose = (question: ModelQuestion): Promise<ModelAnswer> => {
    asked.push(question)
    const action = choices[asked.length - 1] ?? null
    const candidate = question.candidates.find((one) => one.action === action) ?? null
    return Promise.resolve({ ok: true, candidate, reason: 'the model thinks so', record: null })
  }
  return { choose, asked }
}

describe('a plan of the runbook', () => {
  it('is done, is on record, and ends the run', async () => {
    loseWorkspace(paths)
    const model = scripted('make_dir')
    const { ending, proposals } = await run({
      consultRunbook: () => [plan('make_dir', { folder: 'workspace' }), plan('none')],
      choose: model.choose,
    })
    expect(ending).toEqual({ how: 'done' })
    expect(proposals).toEqual([
      {
        ...{ by: 'runbook', rule: 'a-rule', action: 'make_dir', args: { folder: 'workspace' }, verdict: 'allowed' },
        ...{ reason: 'a probe says so', ok: true, undone: false, repairId: expect.stringMatching(/^\d{4}-/) },
      },
    ])
    expect(existsSync(paths.workspace)).toBe(true)
    expect(readJournal(paths.repairsJournal).at(-1)).toMatchObject({
      ...{
        step: 'committed',
        action: 'make_dir',
        by: 'runbook',
        fault: 'missing-file',
        repairId: proposals[0]?.repairId,
      },
    })
    expect(model.asked).toEqual([])
  })

  it('that is undone gives way to the next one', async () => {
    loseWorkspace(paths)
    openData(paths)
    const actions = new Map([...ACTIONS, ['make_dir', failing('make_dir')]])
    const { ending, proposals } = await run({
      actions,
      consultRunbook: () => [plan('make_dir', { folder: 'workspace' }), plan('set_mode', { file: 'run' })],
    })
    expect(ending).toEqual({ how: 'done' })
    expect(proposals).toMatchObject([
      {
        action: 'make_dir',
        verdict: 'allowed',
        ok: false,
        undone: true,
        reason: 'make_dir: made to fail',
        repairId: expect.any(String),
      },
      { action: 'set_mode', verdict: 'allowed', ok: true },
    ])
    expect([existsSync(paths.workspace), modeOf(paths.run)]).toEqual([false, '700'])
  })

  it.each([
    ['an action that there is not', plan('rm_rf'), /there is no action/],
    ['a path', plan('make_dir', { folder: '/etc' }), /folder must be one of/],
    ['a shell', plan('remove_lock', { lock: '$(reboot)' }), /lock must be one of/],
    ['more than it may say', plan('make_dir', { folder: 'workspace', after: 'reboot' }), /unknown argument/],
    ['what the hands refuse', plan('make_dir', { folder: 'logs' }), /logs is there/],
  ])('is refused with %s', async (_, proposal, reason) => {
    loseWorkspace(paths)
    const before = treeOf(paths.home)
    const { ending, proposals } = await run({ consultRunbook: () => [proposal] })
    expect(ending).toEqual({ how: 'exhausted', model: 'off' })
    expect(proposals).toMatchObject([
      { verdict: 'refused', ok: false, reason: expect.stringMatching(reason), repairId: null },
    ])
    expect(treeOf(paths.home)).toEqual(before)
  })

  it('is refused where no probe agrees', async () => {
    loseWorkspace(paths)
    const corroborates = () => ({ ok: false as const, reason: 'no folder is missing' })
    const { proposals } = await run({ corroborates, consultRunbook: () => [plan('make_dir', { folder: 'workspace' })] })
    expect(proposals).toMatchObject([{ verdict: 'refused', reason: 'no folder is missing' }])
    expect(existsSync(paths.workspace)).toBe(false)
  })

  it('that asks for a person ends the run', async () => {
    const model = scripted('make_dir')
    const { ending, proposals } = await run({
      consultRunbook: () => [plan('raise_alert'), plan('make_dir', { folder: 'workspace' })],
      choose: model.choose,
    })
    expect(ending).toEqual({ how: 'alert', rule: 'a-rule' })
    expect(proposals.length).toBe(1)
    expect([model.asked, readJournal(paths.repairsJournal)]).toEqual([[], []])
  })

  it('is not tried again within ten minutes, held or not, for the same fault', async () => {
    loseWorkspace(paths)
    const again = { consultRunbook: () => [plan('make_dir', { folder: 'workspace' })] }
    expect((await run(again)).ending).toEqual({ how: 'done' })
    loseWorkspace(paths)
    const second = await run(again)
    expect(second.ending).toEqual({ how: 'exhausted', model: 'off' })
    expect(second.proposals).toMatchObject([
      { verdict: 'refused', reason: 'it was done within ten minutes and did not help' },
    ])
    const other = { ...again, observe: () => Promise.resolve(evidenceOf(factsOf(), { faultClass: 'crash-loop' })) }
    expect((await run(other)).ending).toEqual({ how: 'done' })
  })
})

describe('nothing is done', () => {
  const cure = { consultRunbook: () => [plan('make_dir', { folder: 'workspace' })] }
  beforeEach(() => loseWorkspace(paths))

  it('for a healthy agent', async () => {
    const { ending, proposals } = await run(
      { ...cure, facts: factsOf({ isAgentAlive: true }) },
      { fault: null, symptom: null, incident: null },
    )
    expect([ending, proposals]).toEqual([{ how: 'well' }, []])
  })

  it('where a proof of our own does not hold', async () => {
    const { ending } = await run({ ...cure, brokenExamples: () => ['set_mode allows everything'] })
    expect(ending).toEqual({ how: 'broken', reason: 'set_mode allows everything' })
  })

  it('after the time is over', async () => {
    expect((await run({ ...cure, signal: AbortSignal.abort() })).ending).toEqual({ how: 'late' })
  })

  it('while somebody else repairs', async () => {
    const lock = acquireLock(paths.repairLock)
    if (!lock.ok) throw new Error('somebody has it')
    expect((await run(cure)).ending).toEqual({ how: 'busy' })
    lock.release()
  })

  it.each(['runbook', 'learned', 'model'] as const)('on the word of %s alone, whatever it names', async (by) => {
    const before = treeOf(paths.home)
    const ids = [...ACTIONS.keys(), 'sh', '__proto__', 'constructor', '']
    const args = fc.oneof(
      fc.anything(),
      fc.record(
        {
          app: fc.constantFrom('agent', 'dashboard'),
          folder: fc.constantFrom('workspace', '../x'),
          file: fc.constantFrom('run', 'env'),
        },
        { requiredKeys: [] },
      ),
    )
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.record({ action: fc.constantFrom(...ids), args }), { maxLength: 5 }),
        async (named) => {
          const proposals = named.map((one) => ({ by, rule: null, reason: 'because', ...one }))
          const corroborates = () => ({ ok: false as const, reason: 'all is well' })
          const { ending } = await run({ corroborates, consultRunbook: () => proposals })
          expect(ending.how).toBe('exhausted')
        },
      ),
      { numRuns: 60 },
    )
    expect(treeOf(paths.home)).toEqual(before)
    expect(readJournal(paths.repairsJournal)).toEqual([])
  })

  it('but a plan that is allowed', async () => {
    expect((await run(cure)).ending).toEqual({ how: 'done' })
  })
})

it('what a kill had interrupted and is now completed counts', async () => {
  const facts = {
    repairId: '2026-01-01T00-00-00-000Z-abcdef',
    action: 'make_dir',
    args: { folder: 'logs' },
    by: 'guardian',
    fault: 'x',
  }
  for (const step of ['begin', 'snapshot', 'acted'] as const)
    appendStep(paths.repairsJournal, { ...facts, step, ...(step === 'snapshot' ? { data: null } : {}) })
  const { ending } = await run()
  expect(readJournal(paths.repairsJournal).at(-1)).toMatchObject({ step: 'committed' })
  expect(ending).toEqual({ how: 'done' })
})

it('what cannot be remembered fails no repair', async () => {
  loseWorkspace(paths)
  mkdirSync(`${paths.run}/learned.lock/x`, { recursive: true })
  const { ending } = await run({ consultRunbook: () => [plan('make_dir', { folder: 'workspace' })] })
  expect(ending).toEqual({ how: 'done' })
})

it('a hold is no cure: it says until when', async () => {
  const actions = new Map(ACTIONS)
  const hold = ACTIONS.get('hold_restart')
  if (!hold) throw new Error('no such action')
  actions.set('hold_restart', { ...hold, precondition: () => ({ ok: true }) })
  const { ending } = await run({
    actions,
    consultRunbook: () => [plan('hold_restart', { minutes: 5 })],
    holdUntilMonoMs: () => 4_711,
  })
  expect(ending).toEqual({ how: 'held', untilMonoMs: 4_711 })
})

describe('the model', () => {
  it('is asked last, and what it chooses is done', async () => {
    loseWorkspace(paths)
    const model = scripted('make_dir')
    const { ending, proposals } = await run({ choose: model.choose })
    expect(ending).toEqual({ how: 'done' })
    expect(proposals).toMatchObject([
      { by: 'model', rule: null, action: 'make_dir', args: { folder: 'workspace' }, ok: true },
    ])
    expect(model.asked[0]?.candidates.map(({ action }) => action)).toContain('make_dir')
  })

  it('gets a second word after a choice that did not hold, in closed words, and no third', async () => {
    loseWorkspace(paths)
    openData(paths)
    const facts = factsOf({ missingFolders: ['workspace'], wrongModes: ['run'] })
    const actions = new Map([
      ...ACTIONS,
      ['make_dir', failing('make_dir')] as const,
      ['set_mode', failing('set_mode')] as const,
    ])
    const model = scripted('make_dir', 'set_mode', 'restart')
    const { ending } = await run({ facts, actions, choose: model.choose })
    expect(ending).toEqual({ how: 'exhausted', model: 'in-vain' })
    expect(model.asked.map(({ told }) => [...told])).toHaveLength(2)
    expect(model.asked[1]?.told.slice(0, 1)).toEqual([{ action: 'make_dir', why: 'failed' }])
    expect(model.asked[1]?.candidates.map(({ action }) => action)).not.toContain('make_dir')
  })

  it('is not asked where the facts leave no choice', async () => {
    const model = scripted('make_dir')
    const corroborates = () => ({ ok: false as const, reason: 'no' })
    expect((await run({ corroborates, choose: model.choose })).ending).toEqual({ how: 'exhausted', model: 'no-choice' })
    expect(model.asked).toEqual([])
  })

  it('may choose nothing: then a person is needed', async () => {
    const { ending, proposals } = await run({ choose: scripted(null).choose })
    expect(ending).toEqual({ how: 'exhausted', model: 'chose-none' })
    expect(proposals).toMatchObject([{ by: 'model', action: 'none', verdict: 'allowed' }])
  })
})

describe('what only a person may allow', () => {
  const me = { channel: 'terminal', who: 'me' } as const
  const risky = (autonomy: RecoveryPorts['autonomy'] = 'safe') => ({
    autonomy,
    actions: new Map([...ACTIONS, ['restore_config', riskyAction(paths)]]),
    consultRunbook: () => [plan('restore_config', { what: 'make' })],
  })
  const isDone = () => existsSync(`${paths.workspace}/risky`)

  it('is asked, waits, is done once after a yes, and never without one', async () => {
    const asked = await run(risky())
    expect(asked.ending).toEqual({ how: 'waiting', approval: 'A1', plan: 'make a folder in the workspace' })
    expect(asked.proposals).toMatchObject([{ verdict: 'waiting', ok: false, repairId: null }])
    expect((await run(risky())).ending).toMatchObject({ approval: 'A1' })
    expect(isDone()).toBe(false)
    expect(answer(paths.approvals, { id: 'A1', verdict: 'approved', by: me }, now())).toEqual({ ok: true })
    const done = await run({ ...risky(), consultRunbook: () => [] })
    expect([done.ending, isDone()]).toEqual([{ how: 'done' }, true])
    expect(done.proposals).toMatchObject([{ by: 'runbook', rule: 'a-rule', verdict: 'allowed', ok: true }])
    expect((await run({ ...risky(), triesAgainst: () => () => undefined })).ending).toMatchObject({
      how: 'waiting',
      approval: 'A2',
    })
  })

  it('is not done after a no, and not asked again for this incident', async () => {
    await run(risky())
    answer(paths.approvals, { id: 'A1', verdict: 'denied', by: me }, now())
    const after = await run(risky())
    expect(after.ending).toEqual({ how: 'exhausted', model: 'off' })
    expect(after.proposals).toMatchObject([{ verdict: 'refused', reason: 'a person said no (A1)' }])
    expect(isDone()).toBe(false)
  })

  it.each([
    ['another incident', { order: { ...ORDER, incident: 'I8' } }],
    ['another text of the action', { actionHash: () => 'e'.repeat(64) }],
    ['a file that is not found', { actionHash: () => undefined }],
  ])(
    'is not done for %s',
    async (_, change: {
      order?: typeof ORDER | { fault: null; symptom: 'gone'; incident: string }
      actionHash?: () => string | undefined
    }) => {
      await run(risky())
      answer(paths.approvals, { id: 'A1', verdict: 'approved', by: me }, now())
      const parts = {
        folder: paths.approvals,
        lastsMs: 60_000,
        now,
        actionHash: change.actionHash ?? (() => 'f'.repeat(64)),
      }
      await recover(change.order ?? ORDER, portsIn(paths, { ...risky(), approvals: openApprovals(parts) }))
      expect(isDone()).toBe(false)
    },
  )

  it('is not done where the probes no longer agree, and the yes stays', async () => {
    await run(risky())
    answer(paths.approvals, { id: 'A1', verdict: 'approved', by: me }, now())
    await run({ ...risky(), corroborates: () => ({ ok: false, reason: 'it is well again' }) })
    expect(isDone()).toBe(false)
    expect((await run(risky())).ending).toEqual({ how: 'done' })
  })

  it('is not done where another one was faster with the yes', async () => {
    await run(risky())
    answer(paths.approvals, { id: 'A1', verdict: 'approved', by: me }, now())
    const { approvals } = portsIn(paths)
    const use = () => ({ ok: false as const, why: 'used' as const, reason: 'A1 is used' })
    const { proposals } = await run({ ...risky(), approvals: { ...approvals, use } })
    expect(proposals[0]).toMatchObject({ verdict: 'refused', reason: 'A1 is used' })
    expect(isDone()).toBe(false)
  })

  it('is done at once where the owner said so', async () => {
    expect([(await run(risky('full'))).ending, isDone()]).toEqual([{ how: 'done' }, true])
  })

  it('is everything where the owner allows nothing, but for words', async () => {
    loseWorkspace(paths)
    const cure = { autonomy: 'none' as const, consultRunbook: () => [plan('make_dir', { folder: 'workspace' })] }
    expect((await run(cure)).ending).toMatchObject({
      how: 'waiting',
      approval: 'A1',
      plan: expect.stringContaining('workspace'),
    })
    expect(existsSync(paths.workspace)).toBe(false)
    answer(paths.approvals, { id: 'A1', verdict: 'approved', by: me }, now())
    expect((await run(cure)).ending).toEqual({ how: 'done' })
    expect((await run({ autonomy: 'none', consultRunbook: () => [plan('raise_alert')] })).ending).toMatchObject({
      how: 'alert',
    })
  })

  it('is not done where the question cannot be written down', async () => {
    writeFileSync(paths.approvals, 'no folder')
    expect((await run(risky())).ending).toEqual({ how: 'exhausted', model: 'unasked' })
    expect(isDone()).toBe(false)
  })

  it('never goes beyond risk 2', async () => {
    const action = { ...riskyAction(paths), risk: 3 as const }
    const { proposals } = await run({ ...risky('full'), actions: new Map([['restore_config', action]]) })
    expect(proposals).toMatchObject([{ verdict: 'refused', reason: expect.stringContaining('risk 3') }])
    expect(isDone()).toBe(false)
  })

  it('keeps the model quiet while a question waits', async () => {
    const model = scripted('make_dir')
    expect((await run({ ...risky(), choose: model.choose })).ending).toMatchObject({ how: 'waiting' })
    expect(model.asked).toEqual([])
  })
})
