/** A desk with a clock of its own, for tests: no time passes but what the test lets pass. */
import {
  type DeskEvent,
  type DeskPolicy,
  type DeskState,
  emptyDesk,
  type Moment,
  type Send,
  type ThreadFacts,
} from '../../src/alert/deskState.ts'
import { stepDesk } from '../../src/alert/deskStep.ts'

export const SECOND = 1_000
export const MINUTE = 60_000
export const HOUR = 3_600_000

/** 12:00 UTC. */
export const NOON: number = Date.parse('2026-03-02T12:00:00.000Z')

export const POLICY: DeskPolicy = {
  channels: [
    { name: 'phone', minSeverity: 'warning', step: 0 },
    { name: 'mail', minSeverity: 'info', step: 0 },
    { name: 'boss', minSeverity: 'critical', step: 1 },
  ],
  holdMs: 10 * SECOND,
  flapWindowMs: HOUR,
  flapMaxMs: 10 * MINUTE,
  reminderMs: HOUR,
  reminderMaxMs: 24 * HOUR,
  escalateMs: 15 * MINUTE,
  quiet: null,
}

/** A send in short: `open I1 phone`. */
export type Sent = { readonly at: number; readonly what: string; readonly send: Send }

export function facts(id: string, fault = 'crash-loop'): ThreadFacts {
  return { id, fault, openedAt: '2026-03-02T12:00:00.000Z', tried: [] }
}

/** A desk whose every beat is one second (or what is given) apart. */
export class Table {
  state: DeskState = emptyDesk()
  now = 0
  isMaintenance = false
  readonly sent: Sent[] = []
  readonly policy: DeskPolicy
  /** Told at once of every send: `delivered` stands for a channel that is up. */
  answer: 'delivered' | 'failed' | 'nothing' = 'delivered'
  wallAtStart = NOON

  constructor(policy: Partial<DeskPolicy> = {}) {
    this.policy = { ...POLICY, ...policy }
  }

  moment(): Moment {
    return { now: this.now, wall: this.wallAtStart + this.now, isMaintenance: this.isMaintenance }
  }

  hear(event: DeskEvent): void {
    const [next, sends] = stepDesk(this.state, event, this.moment(), this.policy)
    this.state = next
    for (const send of sends) {
      for (const channel of send.channels) this.#take(send, channel)
    }
  }

  #take(send: Send, channel: string): void {
    this.sent.push({ at: this.now, what: `${send.kind} ${send.thread?.id ?? send.broken ?? '-'} ${channel}`, send })
    if (this.answer === 'nothing') return
    const { kind, severity } = send
    const id = send.thread?.id ?? null
    if (this.answer === 'delivered') this.hear({ is: 'delivered', id, channel, kind })
    else this.hear({ is: 'failed', id, channel, kind, severity })
  }

  raise(id: string, severity: 'critical' | 'warning' | 'info' = 'critical', fault = 'crash-loop'): void {
    this.hear({ is: 'raised', facts: facts(id, fault), severity })
  }

  close(id: string): void {
    this.hear({ is: 'closed', id, at: new Date(this.wallAtStart + this.now).toISOString() })
  }

  ack(id: string | null): void {
    this.hear({ is: 'acknowledged', id, ack: { by: 'kim', at: 'now' } })
  }

  /** Lets time pass, a beat each `stepMs`. */
  pass(ms: number, stepMs: number = SECOND): void {
    for (const end = this.now + ms; this.now < end; ) {
      this.now = Math.min(end, this.now + stepMs)
      this.hear({ is: 'tick' })
    }
  }

  get words(): string[] {
    return this.sent.map(({ what }) => what)
  }
}
