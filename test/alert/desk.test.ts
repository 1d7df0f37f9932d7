import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isAllowed } from '../../src/alert/deskGate.ts'
import { emptyDesk } from '../../src/alert/deskState.ts'
import { afterBoot, stepDesk } from '../../src/alert/deskStep.ts'
import { isQuiet } from '../../src/alert/quietHours.ts'
import { HOUR, MINUTE, NOON, POLICY, SECOND, Table } from './deskSupport.ts'

describe('one incident', () => {
  it('is told once however often it is raised, and its end after it', () => {
    const table = new Table()
    for (let raise = 0; raise < 50; raise++) table.raise('I1')
    table.pass(20 * SECOND)
    for (let raise = 0; raise < 50; raise++) table.raise('I1')
    table.pass(20 * SECOND)
    table.close('I1')
    table.pass(MINUTE)
    expect(table.words).toEqual(['open I1 phone', 'open I1 mail', 'recovery I1 phone', 'recovery I1 mail'])
    expect(table.state.threads).toEqual([])
  })

  it('is not told at all when it is over within the hold', () => {
    const table = new Table()
    table.raise('I1')
    table.pass(9 * SECOND)
    table.close('I1')
    table.pass(HOUR, MINUTE)
    expect(table.words).toEqual([])
  })

  it('is told to who wants that severity only', () => {
    const table = new Table()
    table.raise('I1', 'info', 'memory-leak')
    table.raise('I2', 'warning', 'port-taken')
    table.pass(MINUTE)
    table.close('I1')
    expect(table.words).toEqual(['notice I1 mail', 'open I2 phone', 'open I2 mail'])
  })

  it('is told again when it gets graver, to those who know; and for the first time to those who did not care', () => {
    const table = new Table({
      channels: [
        { name: 'mail', minSeverity: 'warning', step: 0 },
        { name: 'phone', minSeverity: 'critical', step: 0 },
      ],
    })
    table.raise('I1', 'warning')
    table.pass(MINUTE)
    table.ack('I1')
    table.raise('I1', 'critical')
    table.pass(MINUTE)
    expect(table.words).toEqual(['open I1 mail', 'worse I1 mail', 'open I1 phone'])
    expect(table.state.threads).toMatchObject([{ ack: null, severity: 'critical' }])
  })
})

describe('who does not answer', () => {
  it('is reminded with growing pauses, and others are told, until somebody acknowledges', () => {
    const table = new Table()
    table.raise('I1')
    table.pass(8 * HOUR, MINUTE)
    expect(table.sent.filter(({ send }) => send.kind !== 'open').map(({ at, what }) => [at / MINUTE, what])).toEqual([
      [16, 'escalation I1 boss'],
      ...['phone', 'mail', 'boss'].map((name) => [61, `reminder I1 ${name}`]),
      ...['phone', 'mail', 'boss'].map((name) => [181, `reminder I1 ${name}`]),
      ...['phone', 'mail', 'boss'].map((name) => [421, `reminder I1 ${name}`]),
    ])
  })

  it('stops being asked once one has acknowledged', () => {
    const table = new Table()
    table.raise('I1')
    table.pass(MINUTE)
    table.ack(null)
    table.pass(100 * HOUR, HOUR)
    expect(table.words).toEqual(['open I1 phone', 'open I1 mail'])
    table.close('I1')
    expect(table.words.slice(2)).toEqual(['recovery I1 phone', 'recovery I1 mail'])
  })
})

describe('a fault that comes and goes', () => {
  it('is held longer each time, and still told within its limit, with the count', () => {
    const table = new Table()
    for (let round = 1; round <= 60; round++) {
      table.raise(`I${round}`)
      table.pass(30 * SECOND)
      table.close(`I${round}`)
      table.pass(30 * SECOND)
    }
    const opens = table.sent.filter(({ send }) => send.kind === 'open')
    expect(opens.length).toBeLessThan(20)
    const gaps = opens.map(({ at }, index) => at - (opens[index - 1]?.at ?? 0))
    expect(Math.max(...gaps)).toBeLessThanOrEqual(POLICY.flapMaxMs + 2 * MINUTE)
    expect(
      Math.max(...opens.map(({ send }) => (send.thread?.stage === 'told' ? send.thread.flapped : 0))),
    ).toBeGreaterThan(3)
  })
})

describe('a channel that failed for good', () => {
  it('is said on the others, once, and those who would have been told later are told now', () => {
    const table = new Table()
    table.answer = 'nothing'
    table.raise('I1')
    table.pass(11 * SECOND)
    const failure = { is: 'failed', id: 'I1', channel: 'phone', kind: 'open', severity: 'critical' } as const
    table.hear(failure)
    table.hear(failure)
    table.hear({ is: 'delivered', id: 'I1', channel: 'mail', kind: 'open' })
    table.close('I1')
    expect(table.words).toEqual([
      'open I1 phone',
      'open I1 mail',
      'escalation I1 boss',
      'failure phone mail',
      'failure phone boss',
      'recovery I1 mail',
      'recovery I1 boss',
    ])
    table.hear({ is: 'delivered', id: null, channel: 'phone', kind: 'open' })
    expect(table.state.broken).toEqual({})
  })
})

describe('quiet hours', () => {
  const quiet = { from: 22 * 60, to: 7 * 60, timeZone: 'Asia/Seoul' }

  it.each([
    ['2026-03-02T12:59:00Z', false],
    ['2026-03-02T13:00:00Z', true],
    ['2026-03-02T21:59:00Z', true],
    ['2026-03-02T22:00:00Z', false],
  ])('at %s in Seoul: %s', (at, expected) => expect(isQuiet(Date.parse(at), quiet)).toBe(expected))

  it('follow the summer time of their zone', () => {
    const berlin = { ...quiet, timeZone: 'Europe/Berlin' }
    expect(isQuiet(Date.parse('2026-03-28T06:30:00Z'), berlin)).toBe(false)
    expect(isQuiet(Date.parse('2026-03-28T05:30:00Z'), berlin)).toBe(true)
    expect(isQuiet(Date.parse('2026-03-30T05:30:00Z'), berlin)).toBe(false)
  })

  it('let criticals through, and end with what is still open and a summary of what is not', () => {
    const table = new Table({ quiet: { from: 11 * 60, to: 13 * 60, timeZone: 'UTC' } })
    table.raise('I1', 'critical')
    table.raise('I2', 'warning', 'port-taken')
    table.raise('I3', 'warning', 'disk-full')
    table.raise('I4', 'info', 'memory-leak')
    table.pass(30 * MINUTE, MINUTE)
    table.close('I2')
    table.close('I1')
    expect(table.words).toEqual([
      'open I1 phone',
      'open I1 mail',
      'escalation I1 boss',
      'recovery I1 phone',
      'recovery I1 mail',
      'recovery I1 boss',
    ])
    table.pass(31 * MINUTE, MINUTE)
    expect(table.words.slice(6)).toEqual(['open I3 phone', 'open I3 mail', 'summary - phone', 'summary - mail'])
    expect(table.sent.at(-1)?.send.missed).toEqual({
      'port-taken': { count: 1, severity: 'warning' },
      'memory-leak': { count: 1, severity: 'info' },
    })
  })

  it('keep a recovery back until they end', () => {
    const table = new Table({ quiet: { from: 12 * 60 + 10, to: 13 * 60, timeZone: 'UTC' } })
    table.raise('I1', 'warning')
    table.pass(20 * MINUTE, MINUTE)
    table.close('I1')
    expect(table.words).toEqual(['open I1 phone', 'open I1 mail'])
    table.pass(HOUR, MINUTE)
    expect(table.words.slice(2)).toEqual(['recovery I1 phone', 'recovery I1 mail'])
  })
})

describe('maintenance', () => {
  it('lets nothing out, and tells the rest after it', () => {
    const table = new Table()
    table.isMaintenance = true
    table.raise('I1')
    table.raise('I2', 'critical', 'disk-full')
    table.pass(HOUR, MINUTE)
    table.close('I1')
    table.pass(HOUR, MINUTE)
    expect(table.words).toEqual([])
    table.isMaintenance = false
    table.pass(SECOND)
    expect(table.words).toEqual(
      ['open I2 phone', 'open I2 mail', 'summary - phone', 'summary - mail', 'summary - boss'].filter(
        (word) => word !== 'summary - boss',
      ),
    )
  })
})

describe('another boot of the machine', () => {
  it('loses no thread, and begins every wait anew', () => {
    const table = new Table()
    table.now = 1e9
    table.raise('I1')
    table.pass(MINUTE)
    table.raise('I2')
    table.state = afterBoot(table.state, 5, POLICY)
    table.now = 5
    table.pass(11 * SECOND)
    expect(table.words).toEqual(['open I1 phone', 'open I1 mail', 'open I2 phone', 'open I2 mail'])
  })
})

describe('a desk with nothing to do', () => {
  it('stays the same object', () => {
    const table = new Table()
    table.raise('I1')
    table.pass(MINUTE)
    const before = table.state
    table.pass(10 * SECOND)
    expect(table.state).toBe(before)
  })
})

type Deed =
  | { readonly do: 'raise' | 'close' | 'ack'; readonly id: string; readonly severity: 'critical' | 'warning' | 'info' }
  | { readonly do: 'pass'; readonly ms: number }
  | { readonly do: 'maintenance'; readonly on: boolean }
  | { readonly do: 'channels'; readonly answer: 'delivered' | 'nothing' }

const severity = fc.constantFrom('critical', 'warning', 'info' as const)
const deeds: fc.Arbitrary<Deed[]> = fc.array(
  fc.oneof(
    {
      weight: 4,
      arbitrary: fc.record({ do: fc.constant('raise' as const), id: fc.constantFrom('I1', 'I2', 'I3'), severity }),
    },
    {
      weight: 3,
      arbitrary: fc.record({ do: fc.constant('close' as const), id: fc.constantFrom('I1', 'I2', 'I3'), severity }),
    },
    {
      weight: 1,
      arbitrary: fc.record({ do: fc.constant('ack' as const), id: fc.constantFrom('I1', 'I2', 'I3'), severity }),
    },
    {
      weight: 6,
      arbitrary: fc.record({ do: fc.constant('pass' as const), ms: fc.integer({ min: 1, max: 3 * HOUR }) }),
    },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('maintenance' as const), on: fc.boolean() }) },
    {
      weight: 1,
      arbitrary: fc.record({
        do: fc.constant('channels' as const),
        answer: fc.constantFrom('delivered', 'nothing' as const),
      }),
    },
  ),
  { maxLength: 40 },
)

/** A night of Korea in the middle of the day, so that random histories meet it. */
const QUIET = { from: 13 * 60, to: 15 * 60, timeZone: 'UTC' }

function play(table: Table, history: readonly Deed[], each: () => void = () => {}): void {
  for (const deed of history) {
    if (deed.do === 'raise') table.raise(deed.id, deed.severity, `fault-${deed.id}`)
    else if (deed.do === 'close') table.close(deed.id)
    else if (deed.do === 'ack') table.ack(deed.id)
    else if (deed.do === 'maintenance') table.isMaintenance = deed.on
    else if (deed.do === 'channels') table.answer = deed.answer
    else if (deed.do === 'pass') table.pass(deed.ms, Math.max(SECOND, Math.floor(deed.ms / 20)))
    each()
  }
}

describe('over random histories', () => {
  it('first words and recoveries alternate for each incident and channel', () => {
    fc.assert(
      fc.property(deeds, (history) => {
        const table = new Table({ quiet: QUIET })
        play(table, history)
        const open = new Set<string>()
        for (const { send, what } of table.sent) {
          const at = what.slice(what.indexOf(' ') + 1)
          if (send.kind === 'open' || send.kind === 'escalation') {
            expect(open.has(at)).toBe(false)
            open.add(at)
          }
          if (['recovery', 'reminder', 'worse'].includes(send.kind)) expect(open.has(at)).toBe(true)
          if (send.kind === 'recovery') open.delete(at)
        }
      }),
    )
  })

  it('nothing goes out in maintenance, and criticals alone in quiet hours', () => {
    fc.assert(
      fc.property(deeds, (history) => {
        const table = new Table({ quiet: QUIET })
        let seen = 0
        const isMaintained: boolean[] = []
        const hear = table.hear.bind(table)
        table.hear = (event) => {
          hear(event)
          for (; seen < table.sent.length; seen++) isMaintained.push(table.isMaintenance)
        }
        play(table, history)
        expect(isMaintained.filter(Boolean)).toEqual([])
        for (const { at, send } of table.sent) if (isQuiet(NOON + at, QUIET)) expect(send.severity).toBe('critical')
      }),
    )
  })

  it('every critical that lasts is told on each channel of its step, in bounded time', () => {
    fc.assert(
      fc.property(deeds, (history) => {
        const table = new Table({ quiet: QUIET })
        play(table, history)
        table.isMaintenance = false
        table.answer = 'delivered'
        table.raise('I1', 'critical', 'fault-I1')
        table.pass(POLICY.flapMaxMs + MINUTE, 5 * SECOND)
        const words = table.words
        for (const channel of ['phone', 'mail']) {
          const lastOpen = words.lastIndexOf(`open I1 ${channel}`)
          expect(lastOpen).toBeGreaterThan(words.lastIndexOf(`recovery I1 ${channel}`))
        }
      }),
    )
  })

  it('nobody is reminded of, or told later about, what was acknowledged', () => {
    fc.assert(
      fc.property(deeds, (history) => {
        const table = new Table({ quiet: QUIET })
        play(table, history)
        table.ack(null)
        const before = table.sent.length
        const known = new Set(table.state.threads.map(({ id }) => id))
        table.isMaintenance = false
        table.pass(50 * HOUR, 10 * MINUTE)
        const after = table.sent.slice(before).filter(({ send }) => send.thread && known.has(send.thread.id))
        expect(after.filter(({ send }) => send.kind === 'reminder' || send.kind === 'escalation')).toEqual([])
      }),
    )
  })

  it('is the same after each step through JSON: nothing of it is lost by a kill', () => {
    fc.assert(
      fc.property(deeds, (history) => {
        const whole = new Table({ quiet: QUIET })
        const killed = new Table({ quiet: QUIET })
        play(whole, history)
        play(killed, history, () => {
          killed.state = JSON.parse(JSON.stringify(killed.state))
        })
        expect(killed.words).toEqual(whole.words)
      }),
    )
  })
})

it('is allowed by one gate', () => {
  const quiet = { from: 0, to: 24 * 60 - 1, timeZone: 'UTC' }
  const moment = { now: 0, wall: NOON, isMaintenance: false }
  expect(isAllowed('critical', moment, { quiet })).toBe(true)
  expect(isAllowed('warning', moment, { quiet })).toBe(false)
  expect(isAllowed('critical', { ...moment, isMaintenance: true }, { quiet })).toBe(false)
  expect(stepDesk(emptyDesk(), { is: 'tick' }, moment, POLICY)).toEqual([emptyDesk(), []])
})
