import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compose, type Voice } from '../../src/alert/compose.ts'
import type { Send, SendKind, Thread } from '../../src/alert/deskState.ts'
import { deedOf, factsOf, KNOWN_FAULTS, threadId, wordsOf } from '../../src/alert/vocabulary.ts'
import { ACTIONS } from '../../src/repair/actions/table.ts'
import type { Incident, IncidentAction } from '../../src/shared/incident.ts'

const VOICE: Voice = {
  language: 'en',
  host: 'box',
  link: '',
  timeZone: 'Asia/Seoul',
  wall: Date.parse('2026-03-02T12:00:00Z'),
}

function action(name: string, result = ''): IncidentAction {
  return { action: name, args: {}, at: '2026-03-02T11:00:00Z', verdict: 'allowed', result, undone: false }
}

function incident(more: Partial<Incident> = {}): Incident {
  return {
    id: 'I7',
    openedAt: '2026-03-02T10:59:00.000Z',
    closedAt: null,
    fault: 'settings-invalid',
    symptom: 'refused',
    tier: 'human',
    outcome: 'escalated',
    downMs: null,
    detectMs: 4,
    actions: [action('start'), action('start'), action('guardian repair')],
    modelCalls: 0,
    costUsd: 0,
    human: null,
    ...more,
  }
}

function told(from: Incident, flapped = 0): Thread {
  const common = { ...factsOf(from), severity: 'critical', raises: 1, ack: null } as const
  return {
    ...common,
    stage: 'told',
    since: 0,
    channels: {},
    reminders: 0,
    remindAt: 0,
    isWorse: false,
    isUrgent: false,
    flapped,
  }
}

function send(kind: SendKind, thread: Thread | null, more: Partial<Send> = {}): Send {
  return { number: 3, kind, severity: 'critical', channels: ['phone'], thread, missed: {}, broken: null, ...more }
}

describe('a notification', () => {
  it('says what broke, since when, what was tried and the next step', () => {
    expect(compose(send('open', told(incident(), 2)), 'phone', { ...VOICE, link: 'https://d.example.org' })).toEqual({
      key: `I7.open.3.${VOICE.wall.toString(36)}.phone`,
      thread: 'I7',
      kind: 'open',
      severity: 'critical',
      title: 'Ottugi on box needs you: the settings cannot be used',
      body: [
        'I7, since 2026-03-02 19:59 GMT+9.',
        'It came and went 2 times before.',
        'Tried: started again ×2, looked at by the guardian.',
        'Next: correct the settings; it starts again by itself',
        'The alert file on that machine says more, with the command.',
      ].join('\n'),
      link: 'https://d.example.org',
      at: '2026-03-02T12:00:00.000Z',
      hint: 'Answer /ack I7 to acknowledge.',
    })
  })

  it('says that it is over, how long it lasted and what was done', () => {
    const {
      since: _,
      reminders: __,
      remindAt: ___,
      isWorse: ____,
      isUrgent: _____,
      flapped: ______,
      ...thread
    } = told(incident()) as Extract<Thread, { stage: 'told' }>
    const over: Thread = { ...thread, stage: 'over', closedAt: '2026-03-02T12:29:30.000Z' }
    const { title, body, hint } = compose(send('recovery', over), 'phone', { ...VOICE, language: 'ko' })
    expect({ title, body, hint }).toEqual({
      title: 'box에서 해결되었습니다: 설정을 사용할 수 없습니다',
      body: [
        'I7, 2026-03-02 19:59 GMT+9부터입니다.',
        '2026-03-02 21:29 GMT+9에 끝났습니다. 1시간 31분 동안 이어졌습니다.',
        '한 일: 다시 시작 ×2, 가디언 점검.',
      ].join('\n'),
      hint: null,
    })
  })

  it('sums up what was missed, and names a channel that does not work', () => {
    const missed = { 'port-taken': { count: 2, severity: 'warning' }, other: { count: 1, severity: 'info' } } as const
    expect(compose(send('summary', null, { missed }), 'mail', VOICE).body).toBe(
      'a port is taken by another program: 2\nsomething that no check knows: 1',
    )
    expect(compose(send('failure', null, { broken: 'phone' }), 'mail', VOICE).title).toBe(
      'Ottugi on box: the channel phone does not work',
    )
  })

  it('has words of its own for every action that the hands can do, and for every fault', () => {
    // To call a person is what this message is, and nothing is nothing.
    const wordless = [...ACTIONS.keys()].filter((id) => deedOf(id) === 'notify.did.other')
    expect(wordless).toEqual(['raise_alert', 'none'])
    expect(KNOWN_FAULTS.filter((fault) => wordsOf(fault)[0] === 'notify.fault.other')).toEqual([])
  })
})

describe('whatever an incident holds', () => {
  const SECRET = 'sk-ant-hunter2hunter2hunter2'
  const POISON = [
    SECRET,
    'sudo rm -rf /',
    'npx ottugi stop',
    '/home/kim/.env',
    'https://evil.example.org',
    '\u001b[2J',
    '`reboot`',
    '<@everyone>',
  ]
  const poisoned = fc
    .array(fc.oneof(fc.constantFrom(...POISON), fc.string({ unit: 'binary', maxLength: 6 })), {
      minLength: 1,
      maxLength: 3,
    })
    .map((parts) => parts.join(' '))
  const maybe = fc.oneof(
    poisoned,
    fc.constantFrom('crash-loop', 'settings-invalid', 'start', 'I7', '__proto__', 'constructor'),
  )
  const anyIncident = fc
    .record({
      id: maybe,
      openedAt: maybe,
      fault: maybe,
      symptom: maybe,
      human: maybe,
      names: fc.array(maybe, { maxLength: 4 }),
    })
    .map(({ names, ...more }) => incident({ ...more, actions: names.map((name) => action(name, name)) }))
  const kinds = fc.constantFrom<SendKind>('open', 'escalation', 'worse', 'reminder', 'recovery', 'notice')

  it('no secret, no command, no path and no foreign word of it leaves the machine', () => {
    fc.assert(
      fc.property(anyIncident, kinds, fc.constantFrom('en', 'ko' as const), poisoned, (given, kind, language, host) => {
        const notice = compose(send(kind, told(given)), 'phone', { ...VOICE, language, host: `box ${host}` })
        const whole = JSON.stringify({
          ...notice,
          title: notice.title.replace(/on [A-Za-z0-9.-]+|[A-Za-z0-9.-]+(?=의|에서)/, ''),
        })
        for (const poison of POISON) expect(whole).not.toContain(poison)
        expect(whole).not.toMatch(/ottugi (start|stop|doctor|alerts)|npm |sudo |\/bin\/|\.env/)
        expect(notice.title + notice.body).not.toMatch(/\p{Cc}(?<!\n)/u)
      }),
    )
  })

  it('only words of ours are kept of it: the fault, else the symptom, else that it is another one', () => {
    const names = (more: Partial<Incident>) => [factsOf(incident(more)).fault, ...factsOf(incident(more)).tried]
    expect(names({ fault: SECRET, actions: [action(SECRET), action('kill')] })).toEqual(['refused', 'other', 'kill'])
    expect(names({ fault: SECRET, symptom: SECRET, actions: [] })).toEqual(['other'])
    expect(factsOf(incident({ openedAt: SECRET })).openedAt).toBe('1970-01-01T00:00:00.000Z')
  })

  it('an id that is none of ours becomes a number, always the same', () => {
    fc.assert(
      fc.property(fc.string(), (id) => {
        expect(threadId(id)).toMatch(/^[A-Z]{1,2}\d{1,10}$/)
        expect(threadId(id)).toBe(threadId(id))
      }),
    )
  })
})
