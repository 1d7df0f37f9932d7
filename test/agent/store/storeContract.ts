/** What every adapter of the journal must hold: the same suite for all of them. */
import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { RunEvent, RunEventBody } from '../../../src/agent/journal/event.ts'
import type { Claim, Journal, Lease, SpendingScope } from '../../../src/agent/journal/journal.ts'

/** An adapter as the suite needs it. */
export type StoreUnderTest = {
  /** A new, empty store. */
  readonly make: () => { readonly place: string; readonly remove: () => void }
  /** Opens a store; any number of times at once. */
  readonly open: (place: string) => Journal
  /** The module that opens it in another process: exports `openStore(place)`. */
  readonly module: string
}

const claimOf = (owner: string, nowMs = 0, leaseMs = 1_000): Claim => ({ owner, leaseMs, nowMs })
const ended: RunEventBody = { type: 'run_ended', data: { finish: 'answered' } }
const hint = (text: string): RunEventBody => ({ type: 'hinted', data: { kind: 'nudge', text } })
const answered = (costUsd: number, tokens: number): RunEventBody => ({
  type: 'model_answered',
  data: {
    text: 'a',
    model: 'm',
    usage: { inputTokens: tokens, outputTokens: 1, cacheReadTokens: 2, cacheWriteTokens: 3 },
    costUsd,
    latencyMs: 1,
    stopReason: 'end',
  },
})

/** Holds an adapter to the port. */
export function storeContract(name: string, store: StoreUnderTest): void {
  let made: ReturnType<StoreUnderTest['make']>
  let journal: Journal
  let other: Journal

  beforeEach(() => {
    made = store.make()
    journal = store.open(made.place)
    other = store.open(made.place)
  })
  afterEach(() => {
    journal.close()
    other.close()
    made.remove()
  })
  const take = async (run: string, owner = 'one', more: { session?: string; job?: string } = {}): Promise<Lease> => {
    const { session = 's', job } = more
    const data = { text: 'q', ...(job === undefined ? {} : { job }) }
    const taken = await journal.take({ run, session, data }, claimOf(owner))
    if (!taken.ok) throw new Error('not taken')
    return taken.lease
  }

  describe(`${name}: a message`, () => {
    it('is taken once, with the lease, whoever is quicker', async () => {
      const message = { run: 'r', session: 's', data: { text: 'q' } }
      const all = await Promise.all(
        [journal, other, journal].map((one, index) => one.take(message, claimOf(`owner ${index}`))),
      )
      expect(all.filter(({ ok }) => ok).length).toBe(1)
      expect(journal.eventsOfRun('r').map(({ type }) => type)).toEqual(['message_in'])
      expect(journal.owners().length).toBe(1)
    })

    it('brings its past with it, all or nothing', async () => {
      const past = [hint('a'), hint('b')]
      await journal.take({ run: 'r', session: 's', data: { text: 'q' }, past }, claimOf('one'))
      expect(journal.eventsOfRun('r').map(({ type }) => type)).toEqual(['message_in', 'hinted', 'hinted'])
      expect(await other.take({ run: 'r', session: 's', data: { text: 'q' }, past }, claimOf('two'))).toEqual({
        ok: false,
      })
      expect(journal.eventsOfRun('r').length).toBe(3)
    })
  })

  describe(`${name}: a lease`, () => {
    it('is held until its time is over, it is given back, or its owner is said to be dead', async () => {
      const first = await take('r')
      expect(other.claim('r', claimOf('two', 999))).toBeUndefined()
      journal.renew(claimOf('one', 999))
      expect(other.claim('r', claimOf('two', 1_998))).toBeUndefined()
      const second = other.claim('r', claimOf('two', 1_999))
      expect(second).toEqual({ run: 'r', fence: first.fence + 1 })
      if (second) other.release(second)
      expect(other.owners()).toEqual([])
      expect(journal.claim('r', claimOf('three', 0))).toEqual({ run: 'r', fence: first.fence + 2 })
      expect(other.claim('r', claimOf('four', 0))).toBeUndefined()
      other.releaseAll('three')
      expect(other.claim('r', claimOf('four', 0))?.fence).toBe(first.fence + 3)
    })

    it('is taken for several runs at once, where nobody holds it and the run is wanted', async () => {
      for (const run of ['a', 'b', 'held', 'unwanted', 'over']) await take(run, run === 'held' ? 'living' : 'dead')
      await journal.write({ lease: { run: 'over', fence: 1 }, session: 's', bodies: [ended] })
      other.releaseAll('dead')
      const isWanted = ([first]: readonly RunEvent[]) => first?.run !== 'unwanted'
      const runs = ['b', 'a', 'held', 'unwanted', 'over', 'nothing']
      const claimed = other.claimAll(runs, claimOf('two', 500), isWanted)
      expect(claimed.map(({ lease }) => lease)).toEqual([
        { run: 'b', fence: 2 },
        { run: 'a', fence: 2 },
      ])
      expect(claimed.map(({ events }) => events)).toEqual([journal.eventsOfRun('b'), journal.eventsOfRun('a')])
      expect(journal.owners()).toEqual(['living', 'two'])
      expect(journal.claimAll(runs, claimOf('three', 500), () => true).map(({ lease }) => lease.run)).toEqual([
        'unwanted',
      ])
      for (const { lease } of claimed) {
        expect(await other.write({ lease, session: 's', bodies: [hint('goes on')] })).toMatchObject({ ok: true })
      }
    })

    it('is there for unfinished runs only', async () => {
      const lease = await take('r')
      await journal.write({ lease, session: 's', bodies: [ended] })
      expect([journal.claim('r', claimOf('two', 9_999)), journal.claim('nothing', claimOf('two', 9_999))]).toEqual([
        undefined,
        undefined,
      ])
      expect([journal.unfinishedRuns(), journal.owners()]).toEqual([[], []])
    })

    it('refuses a late writer by its fence, and stores nothing of its write', async () => {
      const late = await take('r')
      const fresh = other.claim('r', claimOf('two', 5_000))
      expect(await journal.write({ lease: late, session: 's', bodies: [hint('late'), ended] })).toEqual({
        ok: false,
        why: 'fenced',
      })
      expect(await other.write({ lease: fresh as Lease, session: 's', bodies: [hint('fresh'), ended] })).toMatchObject({
        ok: true,
      })
      expect(await other.write({ lease: fresh as Lease, session: 's', bodies: [hint('after the end')] })).toEqual({
        ok: false,
        why: 'fenced',
      })
      expect(journal.eventsOfRun('r').map(({ type }) => type)).toEqual(['message_in', 'hinted', 'run_ended'])
    })
  })

  describe(`${name}: laws`, () => {
    it('over any history of claims and writes a run is written by the newest claim only, in order', async () => {
      const action = fc.record({ who: fc.nat(2), do: fc.constantFrom('claim', 'write', 'write', 'release') })
      await fc.assert(
        fc.asyncProperty(fc.array(action, { maxLength: 25 }), fc.uuid(), async (actions, run) => {
          const stores = [journal, other, journal]
          const leases: (Lease | undefined)[] = [await take(run), undefined, undefined]
          let holder: number | undefined = 0
          let written = 1
          for (const { who, do: what } of actions) {
            const one = stores[who] as Journal
            const lease = leases[who]
            if (what === 'claim') {
              const claimed = one.claim(run, claimOf(`owner ${who}`))
              expect(claimed === undefined).toBe(holder !== undefined)
              if (claimed) [leases[who], holder] = [claimed, who]
            } else if (lease && what === 'write') {
              const result = await one.write({ lease, session: 's', bodies: [hint(`by ${who}`)] })
              // A lease that was given back and not claimed again still writes: nobody else works on the run.
              const isNewest = leases.every((each) => (each?.fence ?? 0) <= lease.fence)
              expect(result.ok).toBe(isNewest)
              if (result.ok) written++
            } else if (lease && what === 'release') {
              one.release(lease)
              if (holder === who) holder = undefined
            }
          }
          const events = journal.eventsOfRun(run)
          expect(events.length).toBe(written)
          expect(events.map(({ seq }) => seq)).toEqual(events.map(({ seq }) => seq).toSorted((a, b) => a - b))
        }),
        { numRuns: 25 },
      )
    })

    it('what was spent is the sum over the events of the scope, whoever wrote them', async () => {
      const call = fc.record({ by: fc.nat(1), run: fc.nat(3), usd: fc.nat(100), tokens: fc.nat(1_000) })
      let round = 0
      await fc.assert(
        fc.asyncProperty(fc.array(call, { maxLength: 20 }), async (calls) => {
          round++
          const name = (index: number) => `${round}-${index}`
          const leases = await Promise.all(
            [0, 1, 2, 3].map((index) =>
              take(name(index), 'one', { session: `s${round}-${index % 2}`, job: `j${round}-${index % 3}` }),
            ),
          )
          const scopes: SpendingScope[] = [
            {},
            { sinceAt: '2000-01-01T00:00:00.000Z' },
            { sinceAt: '2999-01-01T00:00:00.000Z' },
            { run: name(1) },
            { session: `s${round}-0` },
            { job: `j${round}-0` },
            { session: `s${round}-1`, job: `j${round}-1` },
          ]
          const before = scopes.map((scope) => journal.spent(scope))
          for (const { by, run, usd, tokens } of calls) {
            const lease = leases[run] as Lease
            const writing = (by === 0 ? journal : other).write({
              lease,
              session: `s${round}-${run % 2}`,
              bodies: [answered(usd, tokens)],
            })
            // What is handed over counts before it is stored.
            if (by === 0) expect(journal.spent({ run: name(run) }).usd).toBeGreaterThanOrEqual(usd)
            await writing
          }
          const sum = (fits: (run: number) => boolean) =>
            calls
              .filter(({ run }) => fits(run))
              .reduce((all, { usd, tokens }) => ({ usd: all.usd + usd, tokens: all.tokens + tokens + 6 }), {
                usd: 0,
                tokens: 0,
              })
          const added = scopes.map((scope, index) => {
            const now = journal.spent(scope)
            return { usd: now.usd - (before[index]?.usd ?? 0), tokens: now.tokens - (before[index]?.tokens ?? 0) }
          })
          expect(added).toEqual([
            sum(() => true),
            sum(() => true),
            { usd: 0, tokens: 0 },
            sum((run) => run === 1),
            sum((run) => run % 2 === 0),
            sum((run) => run % 3 === 0),
            sum((run) => run % 2 === 1 && run % 3 === 1),
          ])
          const fresh = store.open(made.place)
          expect(scopes.map((scope) => fresh.spent(scope))).toEqual(scopes.map((scope) => journal.spent(scope)))
          fresh.close()
        }),
        { numRuns: 10 },
      )
    })

    it('writes that were handed over together are told and stored in their order', async () => {
      const leases = await Promise.all(['a', 'b', 'c'].map((run) => take(run)))
      const told: RunEvent[] = []
      const stop = journal.onAppend((event) => void told.push(event))
      const from = journal.lastSeq()
      const writes = Array.from({ length: 30 }, (_, index) =>
        journal.write({
          lease: leases[index % 3] as Lease,
          session: 's',
          bodies: [hint(`${index}`), hint(`${index}, too`)],
        }),
      )
      const results = await Promise.all(writes)
      stop()
      const events = results.flatMap((result) => (result.ok ? result.events : []))
      expect([told, journal.eventsAfter(from, 100), other.eventsAfter(from, 100)]).toEqual([events, events, events])
    })
  })

  it(`${name}: counts a tree of sessions with everything that was branched off`, async () => {
    const runs = [
      ['root', 's1'],
      ['child', 's2'],
      ['grandchild', 's3'],
      ['stranger', 's4'],
    ] as const
    for (const [run, session] of runs) {
      await journal.write({ lease: await take(run, 'one', { session }), session, bodies: [answered(1, 0)] })
    }
    journal.append('', 's2', { type: 'session_changed', data: { do: 'branch', from: 's1', seq: 1 } })
    journal.append('', 's3', { type: 'session_changed', data: { do: 'branch', from: 's2', seq: 1 } })
    expect([
      journal.spent({ tree: 's1' }).usd,
      journal.spent({ tree: 's2' }).usd,
      journal.spent({ session: 's1' }).usd,
    ]).toEqual([3, 2, 1])

    // What another process joins and spends is known with the next question, and a new branch of the grandchild elsewhere leaves nothing behind.
    other.append('', 's4', { type: 'session_changed', data: { do: 'branch', from: 's3', seq: 1 } })
    const late = await take('late', 'two', { session: 's4' })
    await other.write({ lease: late, session: 's4', bodies: [answered(1, 0)] })
    journal.append('', 's3', { type: 'session_changed', data: { do: 'branch', from: 's5', seq: 1 } })
    expect(['s1', 's2', 's3', 's4', 'alone'].map((session) => journal.treeOf(session))).toEqual([
      's5',
      's5',
      's5',
      's5',
      undefined,
    ])
    expect([journal.spent({ tree: 's5' }).usd, journal.spent({ tree: 's2' }).usd]).toEqual([5, 4])
  })

  it(`${name}: two processes that race for the same runs never both get one, and none is left over`, async () => {
    const runs = Array.from({ length: 60 }, (_, index) => `race-${index}`)
    for (const run of runs) journal.release(await take(run))
    const racers = ['a', 'b'].map((owner) =>
      fork(join(import.meta.dirname, 'claimer.ts'), [store.module, made.place, owner], {
        stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
      }),
    )
    try {
      await Promise.all(racers.map((racer) => once(racer, 'message')))
      for (const racer of racers) racer.send('go')
      const won = await Promise.all(racers.map(wonBy))
      expect(won.flat().toSorted()).toEqual(runs.toSorted())
      expect(runs.map((run) => journal.eventsOfRun(run).length)).toEqual(runs.map(() => 2))
    } finally {
      for (const racer of racers) racer.kill('SIGKILL')
    }
  })
}

async function wonBy(racer: ChildProcess): Promise<string[]> {
  const [message] = await once(racer, 'message')
  return message as string[]
}
