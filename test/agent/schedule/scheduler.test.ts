/** One beat after the other: catch-up, overlap, clocks that jump, runs that cannot begin, and jobs that nobody should keep. */
import { describe, expect, it } from 'vitest'
import { mustAdd, scheduleAt } from './home.ts'

const HOURLY = { trigger: { kind: 'cron', line: '0 * * * *' } }

describe('due moments that were missed', () => {
  it.each([
    ['skip', ['2026-05-01T12:00:00.000Z skipped missed']],
    ['once', ['2026-05-01T11:00:00.000Z skipped missed', '2026-05-01T12:00:00.000Z done answered']],
    [
      'all',
      ['07', '08', '09', '10', '11', '12'].map((hour) =>
        hour === '07' ? `2026-05-01T07:00:00.000Z skipped missed` : `2026-05-01T${hour}:00:00.000Z done answered`,
      ),
    ],
  ])('%s', async (catchUp, expected) => {
    const home = scheduleAt('2026-05-01T00:30:00Z')
    const id = mustAdd(home, { ...HOURLY, catchUp })
    for (let beat = 0; beat < 7; beat++) {
      await home.beatAt('2026-05-01T12:30:00Z')
      home.runs.endAll()
    }
    expect(home.story(id)).toEqual(expected)
  })

  it('once: a moment that is due now stands for them', async () => {
    const home = scheduleAt('2026-05-01T00:30:00Z')
    const id = mustAdd(home, { ...HOURLY, catchUp: 'once' })
    await home.beatAt('2026-05-01T12:00:05Z')
    expect(home.story(id)).toEqual(['2026-05-01T11:00:00.000Z skipped missed', '2026-05-01T12:00:00.000Z started'])
  })
})

describe('a moment that comes while a run goes on', () => {
  it.each([
    ['skip', ['01:00 started', '02:00 skipped overlap', '03:00 skipped overlap']],
    ['queue', ['01:00 started', '02:00 claimed', '03:00 claimed']],
    ['cancel-old', ['01:00 done cancelled', '02:00 done cancelled', '03:00 started']],
  ])('%s', async (overlap, expected) => {
    const home = scheduleAt('2026-05-01T00:30:00Z')
    const id = mustAdd(home, { ...HOURLY, overlap })
    for (const hour of ['01', '02', '03']) await home.beatAt(`2026-05-01T${hour}:00:01Z`)
    await home.beatAt('2026-05-01T03:00:02Z')
    expect(home.story(id).map((line) => line.replace(/2026-05-01T(\d\d:\d\d):00.000Z/, '$1'))).toEqual(expected)
  })

  it('waits in turn, and only so many wait', async () => {
    const home = scheduleAt('2026-05-01T00:30:00Z')
    const id = mustAdd(home, { ...HOURLY, overlap: 'queue' })
    for (const hour of ['01', '02', '03', '04', '05']) await home.beatAt(`2026-05-01T${hour}:00:01Z`)
    for (let beat = 0; beat < 6; beat++) {
      home.runs.endAll()
      await home.beatAt('2026-05-01T05:10:00Z')
    }
    expect(home.story(id).map((line) => line.slice(25))).toEqual([
      'done answered',
      'done answered',
      'done answered',
      'done answered',
      'skipped overlap',
    ])
  })
})

describe('a clock', () => {
  it('that goes back runs nothing twice, and the schedule goes on from there', async () => {
    const home = scheduleAt('2026-05-01T00:30:00Z')
    const id = mustAdd(home, HOURLY)
    for (const at of ['01:00:01', '02:00:01', '00:45:00', '01:00:01', '02:00:01', '03:00:01']) {
      await home.beatAt(`2026-05-01T${at}Z`)
      home.runs.endAll()
    }
    expect(home.runs.asked).toHaveLength(3)
    expect(home.store.history(id, 10).map(({ dueMs }) => new Date(dueMs).getUTCHours())).toEqual([3, 2, 1])
  })

  it('that was years ahead for a moment leaves no gap', async () => {
    const home = scheduleAt('2026-05-01T00:30:00Z')
    mustAdd(home, { ...HOURLY, catchUp: 'skip' })
    await home.beatAt('2036-05-01T00:30:00Z')
    expect(home.runs.asked).toEqual([])
    await home.beatAt('2026-05-01T00:31:00Z')
    await home.beatAt('2026-05-01T01:00:01Z')
    expect(home.runs.asked).toHaveLength(1)
  })
})

describe('a run', () => {
  it('is asked with everything of its job, and nobody in front of it', async () => {
    const home = scheduleAt('2026-05-01T00:30:00Z')
    const limits = { usd: 0.5, tokens: 1_000, rounds: 3 }
    const id = mustAdd(home, {
      ...HOURLY,
      prompt: 'sum up',
      limits,
      gates: 'dry-run',
      model: 'm',
      task: 'deep',
      jitterMs: 600_000,
    })
    await home.beatAt('2026-05-01T01:00:00Z')
    const [slot] = home.store.history(id, 1)
    expect(slot?.startMs).toBeGreaterThanOrEqual(slot?.dueMs ?? 0)
    expect(slot?.startMs).toBeLessThanOrEqual((slot?.dueMs ?? 0) + 600_000)
    await home.beatAt('2026-05-01T01:10:01Z')
    const run = slot?.run
    expect(home.runs.asked).toEqual([
      {
        run,
        session: run,
        text: 'sum up',
        by: 'job',
        attended: false,
        job: id,
        limits,
        model: 'm',
        task: 'deep',
        dryRun: true,
      },
    ])
  })

  it('that cannot begin is tried again, and given up with its reason', async () => {
    const home = scheduleAt('2026-05-01T00:30:00Z')
    const id = mustAdd(home, { trigger: { kind: 'at', at: '2026-05-01T10:00:00+09:00' } })
    home.runs.refuse({ why: 'later', reason: 'no key' })
    await home.beatAt('2026-05-01T01:00:00Z')
    expect(home.story(id)).toEqual(['2026-05-01T01:00:00.000Z starting'])
    await home.beatAt('2026-05-01T02:00:01Z')
    expect(home.story(id)).toEqual(['2026-05-01T01:00:00.000Z skipped no key'])
  })

  it('by hand begins also while the job is paused, once for one key', async () => {
    const home = scheduleAt('2026-05-01T00:30:00Z')
    const id = mustAdd(home, HOURLY)
    home.schedule.pause(id, true)
    const first = home.schedule.runNow(id, 'k')
    expect(home.schedule.runNow(id, 'k')).toEqual(first)
    await home.beatAt('2026-05-01T05:30:00Z')
    expect(home.runs.asked).toHaveLength(1)
    home.schedule.pause(id, false)
    await home.beatAt('2026-05-01T05:40:00Z')
    expect(home.runs.asked).toHaveLength(1)
  })

  it('of a job that was removed does not begin', async () => {
    const home = scheduleAt('2026-05-01T00:30:00Z')
    const id = mustAdd(home, { ...HOURLY, jitterMs: 3_000_000 })
    await home.beatAt('2026-05-01T01:00:00Z')
    home.schedule.remove(id)
    await home.beatAt('2026-05-01T02:00:00Z')
    expect(home.runs.asked.length + home.store.inState('claimed').length).toBeLessThanOrEqual(1)
    expect(home.schedule.jobs()).toEqual([])
  })
})

describe('a job that cannot be kept', () => {
  it.each([
    [{ trigger: { kind: 'cron', line: '0 0 30 2 *' } }, 'schedule.neverDue'],
    [{ trigger: { kind: 'cron', line: '0 0 31 4,6 *' } }, 'schedule.neverDue'],
    [{ trigger: { kind: 'cron', line: '0 0 1 * 1#2' } }, 'schedule.neverDue'],
    [{ trigger: { kind: 'cron', line: '* * * * * *' } }, 'schedule.tooOften'],
    [{ trigger: { kind: 'cron', line: '59,0 59,0 23,0 * * *' } }, 'schedule.tooOften'],
    [{ trigger: { kind: 'every', everyMs: 59_999 } }, 'schedule.tooOften'],
    [{ trigger: { kind: 'cron', line: '61 * * * *' } }, 'schedule.badCron'],
    [{ trigger: { kind: 'cron', line: 'at eight' } }, 'schedule.badCron'],
    [{ ...HOURLY, zone: 'Mars/Olympus' }, 'schedule.badZone'],
    [{ trigger: { kind: 'at', at: '2026-05-01T00:00:00Z' } }, 'schedule.past'],
    [{ trigger: { kind: 'at', at: '2027-05-01T00:00:00' } }, 'schedule.badAt'],
    [{ trigger: { kind: 'at', at: '2027-02-30T00:00:00Z' } }, 'schedule.badAt'],
    [{ trigger: { kind: 'file', path: '/etc/passwd' } }, 'schedule.badPath'],
    [{ ...HOURLY, limits: { usd: -1 } }, 'schedule.badBody'],
    [{ ...HOURLY, shell: 'rm' }, 'schedule.badBody'],
    [{}, 'schedule.badBody'],
  ])('%j', (given, key) => {
    const { schedule } = scheduleAt('2026-05-01T00:30:00Z')
    const added = schedule.add({ prompt: 'x', ...given })
    expect(added.ok ? 'added' : added.problem.key).toBe(key)
    expect(schedule.jobs()).toEqual([])
  })

  it('is not the eleventh of ten', () => {
    const home = scheduleAt('2026-05-01T00:30:00Z')
    for (let count = 0; count < 10; count++) mustAdd(home, HOURLY)
    const added = home.schedule.add({ prompt: 'x', ...HOURLY })
    expect(added).toEqual({ ok: false, problem: { key: 'schedule.tooMany', params: { most: 10 } } })
  })

  it('does not become so by a change', () => {
    const home = scheduleAt('2026-05-01T00:30:00Z')
    const id = mustAdd(home, HOURLY)
    expect(home.schedule.change(id, { zone: 'x' })).toMatchObject({ ok: false })
    expect(home.schedule.change(id, { trigger: { kind: 'every', everyMs: 3_600_000 }, name: 'n' })).toMatchObject({
      ok: true,
      job: { name: 'n', nextMs: Date.parse('2026-05-01T01:30:00Z') },
    })
    expect(home.schedule.change('nobody', {})).toBeUndefined()
  })
})

describe('the channels of a job', () => {
  it('are told once what its run came to, and nothing of a moment that its policies left out', async () => {
    const home = scheduleAt('2026-05-01T00:30:00Z')
    mustAdd(home, { ...HOURLY, name: 'Morning', notify: ['phone'] })
    mustAdd(home, HOURLY)
    for (const hour of ['01', '02', '03']) await home.beatAt(`2026-05-01T${hour}:00:05Z`)
    expect(home.told).toEqual([])
    home.runs.endAll()
    await home.beatAt('2026-05-01T03:10:00Z')
    await home.beatAt('2026-05-01T03:20:00Z')
    expect(home.told).toMatchObject([{ job: { name: 'Morning', notify: ['phone'] }, finish: 'answered' }])
  })

  it('are meant by name or by type, and must be there', () => {
    const home = scheduleAt('2026-05-01T00:30:00Z')
    const id = mustAdd(home, { ...HOURLY, notify: ['ntfy', 'phone'] })
    expect(home.schedule.job(id)?.notify).toEqual(['phone'])
    const unknown = { ok: false, problem: { key: 'schedule.badChannel', params: { name: 'fax', names: 'phone' } } }
    expect(home.schedule.check({ prompt: 'x', ...HOURLY, notify: ['fax'] })).toEqual(unknown)
    expect(home.schedule.change(id, { notify: ['fax'] })).toEqual(unknown)
    expect(home.schedule.change(id, { prompt: 'y' })).toMatchObject({ ok: true, job: { notify: ['phone'] } })
  })

  it('are told of a run that could not begin, when it is given up', async () => {
    const home = scheduleAt('2026-05-01T00:30:00Z')
    mustAdd(home, { ...HOURLY, notify: ['phone'] })
    home.runs.refuse({ why: 'later', reason: 'the budget is used up' })
    await home.beatAt('2026-05-01T01:00:05Z')
    expect(home.told).toEqual([])
    await home.beatAt('2026-05-01T02:00:06Z')
    expect(home.told).toMatchObject([{ finish: 'not-run', text: 'the budget is used up' }])
  })
})
