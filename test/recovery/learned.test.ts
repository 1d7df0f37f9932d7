/** Learned rules: three healed incidents, a person's yes, and down at the first harm. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { beforeEach, describe, expect, it } from 'vitest'
import { actionHash, gateHash } from '../../src/recovery/actionSource.ts'
import {
  afterHarm,
  demoted,
  type Learned,
  type LearnedResult,
  NOTHING_LEARNED,
  promoted,
  rulesFor,
  settled,
  type Tried,
  withTried,
} from '../../src/recovery/learned.ts'
import { changeLearned, learnedFile, readLearned } from '../../src/recovery/learnedFile.ts'
import { probeOf } from '../../src/recovery/probe.ts'
import { recover } from '../../src/recovery/recover.ts'
import { boundOf, settle } from '../../src/recovery/remember.ts'
import { ACTIONS } from '../../src/repair/actions/table.ts'
import { acquireLock } from '../../src/shared/lockFile.ts'
import { appRoot, type HomePaths } from '../../src/shared/paths.ts'
import { temporaryFolder, temporaryHome } from '../repair/support.ts'
import { evidenceOf, factsOf, failing, loseWorkspace, ORDER, plan, portsIn } from './support.ts'

const AT = '2026-11-20T00:00:00.000Z'
const BOUND = { actionHash: 'a', gateHash: 'g' }
const KEY = { signature: 's', probe: 'p', action: 'make_dir', args: { folder: 'logs' } }
const tried = (incident: string | null, changes: Partial<Tried> = {}): Tried => ({
  ...{
    ...KEY,
    ...BOUND,
    repairId: `r-${incident}`,
    by: 'model',
    incident,
    isApproved: false,
    at: AT,
    outcome: 'pending',
  },
  ...changes,
})

/** Carried out and healed in each of these incidents. */
function healedIn(
  incidents: readonly string[],
  changes: Partial<Tried> = {},
  from: Learned = NOTHING_LEARNED,
): Learned {
  return incidents.reduce((learned, one) => settled(withTried(learned, tried(one, changes)), one, 'healed', AT), from)
}

function learnedOf(result: LearnedResult): Learned {
  if (!result.ok) throw new Error(result.why)
  return result.learned
}

const statesOf = ({ rules }: Learned) => rules.map(({ state }) => state)
const active = learnedOf(promoted(healedIn(['I1', 'I2', 'I3']), 'L1', BOUND, AT))

it('three different healed incidents make a proposal, a yes makes a rule', () => {
  expect(statesOf(healedIn(['I1', 'I2']))).toEqual(['candidate'])
  expect(statesOf(healedIn(['I1', 'I1', 'I1']))).toEqual(['candidate'])
  expect(healedIn(['I1', 'I2', 'I3']).rules).toEqual([
    {
      id: 'L1',
      ...KEY,
      ...BOUND,
      state: 'proposed',
      incidents: ['I1', 'I2', 'I3'],
      changedAt: AT,
      note: 'healed 3 incidents',
    },
  ])
  expect(rulesFor(healedIn(['I1', 'I2', 'I3']), KEY, () => BOUND)).toEqual([])
  expect(statesOf(active)).toEqual(['active'])
  expect(rulesFor(active, KEY, () => BOUND).map(({ id }) => id)).toEqual(['L1'])
})

it.each([
  ['another signature', { signature: 'x' }, BOUND],
  ['another picture of the probes', { probe: 'x' }, BOUND],
  ['another text of the action', {}, { actionHash: 'b', gateHash: 'g' }],
  ['a loosened gate', {}, { actionHash: 'a', gateHash: 'h' }],
  ['an action that is gone', {}, undefined],
])('does not act for %s', (_, key, bound) => {
  expect(rulesFor(active, { ...KEY, ...key }, () => bound)).toEqual([])
})

it('settling twice, for nobody or for an open incident changes nothing', () => {
  const once = healedIn(['I1'])
  expect(settled(once, 'I1', 'healed', AT)).toBe(once)
  expect(settled(once, 'I9', 'escalated', AT)).toBe(once)
  const open = withTried(NOTHING_LEARNED, tried('I1'))
  expect(settled(open, 'I1', 'open', AT)).toBe(open)
})

it('only the last deed is credited, and only a model’s or a rule’s own', () => {
  const two = withTried(withTried(NOTHING_LEARNED, tried('I1')), tried('I1', { action: 'prune_tmp', args: {} }))
  expect(settled(two, 'I1', 'healed', AT).rules.map(({ action }) => action)).toEqual(['prune_tmp'])
  expect(healedIn(['I1'], { by: 'runbook' }).rules).toEqual([])
  expect(healedIn(['I1'], { isApproved: true }).rules).toEqual([])
})

describe('falls', () => {
  it.each(['escalated', 'degraded'] as const)('when its incident ends %s', (outcome) => {
    const fallen = settled(withTried(active, tried('I4', { by: 'learned' })), 'I4', outcome, AT)
    expect(fallen.rules).toMatchObject([{ state: 'demoted', incidents: [], note: `incident I4 ended ${outcome}` }])
  })

  it('when it was not what helped', () => {
    const both = withTried(
      withTried(active, tried('I4', { by: 'learned' })),
      tried('I4', { action: 'prune_tmp', args: {} }),
    )
    expect(statesOf(settled(both, 'I4', 'healed', AT))).toEqual(['demoted', 'candidate'])
  })

  it('at the first harm, and when a person says so; then it counts from nothing', () => {
    expect(statesOf(afterHarm(active, KEY, { at: AT, note: '' }))).toEqual(['demoted'])
    const down = learnedOf(demoted(active, 'L1', AT))
    expect(promoted(down, 'L1', BOUND, AT)).toEqual({ ok: false, why: 'state' })
    expect(statesOf(healedIn(['I5', 'I6'], {}, down))).toEqual(['candidate'])
    expect(statesOf(healedIn(['I5', 'I6', 'I7'], {}, down))).toEqual(['proposed'])
  })

  it('asleep with a changed action: its successes count anew', () => {
    const changed = { actionHash: 'b' }
    expect(healedIn(['I4'], changed, active).rules).toMatchObject([
      { state: 'candidate', incidents: ['I4'], actionHash: 'b' },
    ])
    expect(promoted(healedIn(['I1', 'I2', 'I3']), 'L1', { actionHash: 'b', gateHash: 'g' }, AT)).toEqual({
      ok: false,
      why: 'changed',
    })
  })
})

it('law: in any history a rule acts only after three healed incidents in a row and a yes, and never after harm', () => {
  type Event = { readonly do: 'heal' | 'fail' | 'escalate' | 'promote' | 'demote'; readonly incident: number }
  const event: fc.Arbitrary<Event> = fc.record({
    do: fc.constantFrom('heal', 'heal', 'heal', 'fail', 'escalate', 'promote', 'demote'),
    incident: fc.nat(30),
  })
  fc.assert(
    fc.property(fc.array(event, { maxLength: 40 }), (events) => {
      let learned = NOTHING_LEARNED
      let streak = new Set<string>()
      let isYes = false
      for (const [index, one] of events.entries()) {
        const incident = `I${one.incident}-${one.do === 'heal' ? '' : index}`
        if (one.do === 'heal') {
          learned = settled(withTried(learned, tried(incident)), incident, 'healed', AT)
          streak.add(incident)
        } else if (one.do === 'promote') {
          const done = promoted(learned, 'L1', BOUND, AT)
          expect(done.ok).toBe(!isYes && streak.size >= 3)
          if (done.ok) [learned, isYes] = [done.learned, true]
        } else {
          if (one.do === 'fail') learned = afterHarm(learned, KEY, { at: AT, note: '' })
          if (one.do === 'escalate') learned = settled(withTried(learned, tried(incident)), incident, 'escalated', AT)
          if (one.do === 'demote') {
            const done = demoted(learned, 'L1', AT)
            if (done.ok) learned = done.learned
          }
          streak = new Set()
          isYes = false
        }
        expect(rulesFor(learned, KEY, () => BOUND).length).toBe(isYes ? 1 : 0)
      }
    }),
  )
})

it('stays bounded, and what acts goes last', () => {
  const many = Array.from({ length: 120 }, (_, index) => `I${index + 10}`).reduce(
    (learned, incident) => healedIn([incident], { action: `a-${incident}` }, learned),
    active,
  )
  expect([many.rules.length, many.tried.length, many.rules[0]?.state]).toEqual([40, 60, 'active'])
})

describe('the file', () => {
  let paths: HomePaths
  beforeEach(() => {
    paths = temporaryHome()
  })

  it('keeps what was learned', async () => {
    expect(readLearned(paths)).toEqual(NOTHING_LEARNED)
    expect(await changeLearned(paths, () => ({ ok: true, learned: active }))).toEqual({ ok: true })
    expect(readLearned(paths)).toEqual(active)
  })

  it.each(['', '{', '[]', '{"rules":[]}', '{"tried":[],"rules":[{"id":"L1","state":"active"}],"nextRule":2}'])(
    'gives no rule out of %s',
    async (text) => {
      writeFileSync(learnedFile(paths), text)
      expect(readLearned(paths).rules).toEqual([])
      await changeLearned(paths, () => ({ ok: true, learned: active }))
      expect(readLearned(paths).rules.length).toBe(1)
    },
  )

  it('what could not be read is kept for a person', async () => {
    writeFileSync(learnedFile(paths), '{"rules": cut')
    await changeLearned(paths, () => ({ ok: true, learned: active }))
    expect(readFileSync(`${learnedFile(paths)}.broken`, 'utf8')).toBe('{"rules": cut')
  })

  it('waits for another writer, and loses nothing', async () => {
    const lock = acquireLock(join(paths.run, 'learned.lock'))
    if (!lock.ok) throw new Error('taken')
    const add = (incident: string) =>
      changeLearned(paths, (learned) => ({ ok: true, learned: withTried(learned, tried(incident)) }))
    const waiting = Promise.all([add('I1'), add('I2'), add('I3')])
    lock.release()
    expect(await waiting).toEqual([{ ok: true }, { ok: true }, { ok: true }])
    expect(readLearned(paths).tried.length).toBe(3)
  })
})

describe('the texts that it is bound to', () => {
  it('are found for every action of the table', () => {
    for (const id of ACTIONS.keys()) expect(actionHash(appRoot, id), id).toMatch(/^[0-9a-f]{64}$/)
    expect(actionHash(appRoot, 'no_such_action')).toBeUndefined()
  })

  it('change with the file, and the gates with theirs', () => {
    const root = temporaryFolder()
    for (const folder of ['src/repair/actions', 'src/recovery']) mkdirSync(join(root, folder), { recursive: true })
    const write = (name: string, text: string) => writeFileSync(join(root, 'src', name), text)
    write('repair/actions/one.ts', "id: 'one'")
    write('repair/actions/two.ts', "id: 'two'")
    const before = [actionHash(root, 'one'), actionHash(root, 'two'), gateHash(root)]
    write('repair/actions/one.ts', "id: 'one', risk: 0")
    write('recovery/corroborate.ts', 'looser')
    const after = [actionHash(root, 'one'), actionHash(root, 'two'), gateHash(root)]
    expect(after.map((hash, index) => hash === before[index])).toEqual([false, true, false])
  })

  it('are the same for facts that only tick', () => {
    const facts = factsOf({ wrongModes: ['run'] })
    const ticked = {
      ...facts,
      startsLastMinute: 3,
      disk: { ...facts.disk, freeMb: 1 },
      memory: { ...facts.memory, freeMb: 1 },
    }
    expect(probeOf(ticked)).toBe(probeOf(facts))
    expect(probeOf(factsOf())).not.toBe(probeOf(facts))
  })
})

describe('in a run', () => {
  let paths: HomePaths
  const incidents = ['I1', 'I2', 'I3'] as const
  const facts = factsOf({ missingFolders: ['workspace'] })
  const model = () => ({
    choose: ({ candidates }: { candidates: readonly { id: string; action: string }[] }) =>
      Promise.resolve({
        ok: true as const,
        candidate: candidates.find(({ action }) => action === 'make_dir') as never,
        reason: 'r',
        record: null,
      }),
    // The same fault comes back within ten minutes, because a test does not wait.
    triesAgainst: () => () => undefined,
  })

  async function learn(): Promise<void> {
    for (const incident of incidents) {
      loseWorkspace(paths)
      const ports = portsIn(paths, { ...model(), facts })
      await recover(
        { ...ORDER, incident },
        {
          ...ports,
          noteDeed: async (deed) =>
            void (await (await import('../../src/recovery/remember.ts')).rememberDeed(paths, appRoot, incident, deed)),
        },
      )
      expect(await settle(paths, incident, 'healed')).toEqual({ ok: true })
    }
    await changeLearned(paths, (learned) => promoted(learned, 'L1', boundOf(appRoot, 'make_dir'), AT))
  }

  beforeEach(async () => {
    paths = temporaryHome()
    await learn()
  })

  it('what the model healed three times heals without it', async () => {
    loseWorkspace(paths)
    const { ending, proposals } = await recover(ORDER, portsIn(paths, { facts, triesAgainst: () => () => undefined }))
    expect(ending).toEqual({ how: 'done' })
    expect(proposals).toMatchObject([{ by: 'learned', rule: 'L1', action: 'make_dir', ok: true }])
  })

  it('falls when it is undone, whoever named it', async () => {
    loseWorkspace(paths)
    const actions = new Map([...ACTIONS, ['make_dir', failing('make_dir')] as const])
    await recover(
      ORDER,
      portsIn(paths, {
        facts,
        actions,
        triesAgainst: () => () => undefined,
        consultRunbook: () => [plan('make_dir', { folder: 'workspace' })],
      }),
    )
    expect(readLearned(paths).rules).toMatchObject([{ state: 'demoted', note: 'it was tried and did not hold' }])
  })

  it('does not act where a probe disagrees, nor for another signature', async () => {
    loseWorkspace(paths)
    const refused = await recover(ORDER, portsIn(paths, { facts, corroborates: () => ({ ok: false, reason: 'no' }) }))
    expect(refused.proposals).toMatchObject([{ by: 'learned', verdict: 'refused' }])
    const other = await recover(
      ORDER,
      portsIn(paths, { observe: () => Promise.resolve(evidenceOf(facts, { signature: 'x' })) }),
    )
    expect(other.proposals).toEqual([])
  })
})
