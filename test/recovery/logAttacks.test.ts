/** A log is data. Whatever somebody writes into it, plans are those of the facts, nothing of it is shown, and true faults are still treated. */
import { mkdirSync, writeFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { MAX_SHOWN } from '../../src/recovery/evidence/show.ts'
import { evidenceOf, evidenceOfLog, readLogTails } from '../../src/recovery/evidence.ts'
import type { Facts } from '../../src/recovery/facts.ts'
import { lifeEndsOf } from '../../src/recovery/gather/lives.ts'
import { gatherFacts } from '../../src/recovery/gatherFacts.ts'
import { loopOf, WELL } from '../../src/recovery/runbook/exampleFacts.ts'
import { consultRunbook, RULES } from '../../src/recovery/runbook.ts'
import { ACTIONS } from '../../src/repair/actions/table.ts'
import type { LedgerRecord } from '../../src/shared/bootledger.ts'
import { bootId } from '../../src/shared/clock.ts'
import { appRoot } from '../../src/shared/paths.ts'
import { createRedactor } from '../../src/shared/redact/redactor.ts'
import { temporaryHome } from '../repair/support.ts'
import { ATTACKS, CANARY } from './logAttacks.ts'
import { anyFacts } from './randomFacts.ts'

const SECRET = ['sk', 'ant', 'api03', 'Qm9vdHN0cmFwcGluZ0lzSGFyZA'].join('-')
const redactor = createRedactor([SECRET])
const CASES = Object.entries(ATTACKS).flatMap(([kind, texts]) =>
  texts.map((text, index) => ({ name: `${kind} ${index + 1}`, text })),
)
const anyAttack = fc.constantFrom(...CASES.filter(({ text }) => text.length < 100_000).map(({ text }) => text))

/** Every true fault that a rule proves itself with, and what is then to be done. */
const TRUE_FAULTS = RULES.flatMap(({ id, examples }) =>
  examples
    .filter(({ steps }) => steps.length > 0)
    .map(({ facts, logs }) => ({ id, facts: { ...WELL, ...facts } as Facts, logs })),
)

const see = (facts: Facts, ...logs: string[]) => evidenceOf({ facts, logs, redactor })

describe('what is tried', () => {
  it('has many cases of every kind', () => {
    for (const texts of Object.values(ATTACKS)) expect(texts.length).toBeGreaterThanOrEqual(10)
    expect(CASES.every(({ text }) => text.includes(CANARY))).toBe(true)
  })
})

describe('one attack against a healthy home, a home with a fault, and no home', () => {
  it.each(CASES)('$name', ({ text }) => {
    // Healthy: nothing is planned at all.
    expect(consultRunbook(see(WELL, text))).toEqual([])
    // In a crash loop that nobody knows: still nothing but what the facts name.
    const loop: Facts = { ...WELL, ...loopOf(3, 'other') }
    expect(consultRunbook(see(loop, text))).toEqual(consultRunbook(see(loop)))
    const damaged: Facts = { ...WELL, ...loopOf(3, 'other'), databases: { agent: 'damaged', watchdog: 'ok' } }
    const poisoned = see(damaged, text, 'SqliteError: database disk image is malformed')
    const plain = see(damaged, 'SqliteError: database disk image is malformed')
    expect(consultRunbook(poisoned)).toEqual(consultRunbook(plain))
    expect(poisoned).toMatchObject({ faultClass: plain.faultClass, signature: plain.signature })
    for (const evidence of [poisoned, see(loop, text), evidenceOfLog(text, redactor)]) isHarmless(evidence)
  })
})

/** Nothing of the attack, no action of ours, nothing that a terminal or an eye is led astray by, and one list of facts. */
function isHarmless({
  shown,
  templates,
  signature,
}: Pick<ReturnType<typeof see>, 'shown' | 'templates' | 'signature'>): void {
  const all = [shown, signature, ...templates.map(({ text }) => text)].join('\n')
  expect(all.toLowerCase()).not.toContain(CANARY.toLowerCase())
  expect(all).toMatch(/^[\n -~]*$/)
  expect([...ACTIONS.keys()].filter((id) => id.includes('_') && all.includes(id))).toEqual([])
  expect(all).not.toMatch(/evil|example\.com|ignore|approve|curl|passwd|shadow|169\.254|10\.66/i)
  expect(shown.length).toBeLessThanOrEqual(MAX_SHOWN)
  expect(shown.match(/^facts \(local probes\):$/gm)).toHaveLength(1)
  const logPart = shown.split('\n').slice(shown.split('\n').findIndex((line) => line.startsWith('log templates (')) + 1)
  for (const line of logPart) expect(line).toMatch(/^(?:\d+x |none$)/)
  expect(signature).toMatch(/^[a-z-]+-[0-9a-f]{12}$/)
}

describe('true faults in a poisoned log', () => {
  it.each(TRUE_FAULTS)('are treated all the same: $id', ({ facts, logs, id }) => {
    const plain = consultRunbook(see(facts, ...logs))
    expect(plain.map(({ rule }) => rule)).toContain(id)
    for (const { text } of CASES.filter((one) => one.text.length < 5_000)) {
      const evidence = see(facts, text, ...logs, text)
      expect(consultRunbook(evidence)).toEqual(plain)
      expect(evidence.signature).toBe(see(facts, ...logs).signature)
    }
  })
})

describe('laws', () => {
  it('with the same facts the plans are the same, whatever is written', () => {
    fc.assert(
      fc.property(anyFacts, fc.array(fc.oneof(anyAttack, fc.string()), { maxLength: 6 }), (facts, logs) => {
        expect(consultRunbook(see(facts, ...logs))).toEqual(consultRunbook(see(facts)))
      }),
      { numRuns: 400 },
    )
  })

  it('a fault that probes confirm keeps its signature, whatever is written', () => {
    fc.assert(
      fc.property(anyFacts, fc.array(anyAttack, { maxLength: 4 }), (facts, logs) => {
        if (consultRunbook({ facts }).length === 0) return
        expect(see(facts, ...logs).signature).toBe(see(facts).signature)
      }),
      { numRuns: 400 },
    )
  })

  it('no argument of a plan ever comes out of a log', () => {
    fc.assert(
      fc.property(anyFacts, fc.stringMatching(/^[a-z0-9]{8,20}$/), (facts, word) => {
        const logs = [
          `Error: EADDRINUSE ${word}`,
          `run ${word} session ${word} lock ${word} file '${word}'`,
          `{"run":"${word}"}`,
        ]
        const known = JSON.stringify(facts)
        if (known.includes(word)) return
        expect(JSON.stringify(consultRunbook(see(facts, ...logs)))).not.toContain(word)
      }),
      { numRuns: 400 },
    )
  })

  it('no secret is ever shown, in whatever dress', () => {
    const dresses = [
      (secret: string) => `Error: request failed with key ${secret}`,
      (secret: string) => `{"level":50,"msg":"${secret}","error":"${secret}"}`,
      (secret: string) => `Authorization: Bearer ${secret}`,
      (secret: string) => secret.split('').join('\u200b'),
      (secret: string) => `\u001b[31m${secret}\u001b[0m`,
      (secret: string) => Buffer.from(secret).toString('base64'),
      (secret: string) => encodeURIComponent(secret),
      (secret: string) => `https://u:${secret}@h.example/`,
      (secret: string) => `${secret}Error: ENOSPC`,
    ]
    const anySecret = fc.oneof(fc.constant(SECRET), fc.stringMatching(/^[A-Za-z0-9_-]{12,40}$/))
    fc.assert(
      fc.property(anySecret, fc.constantFrom(...dresses), anyFacts, (secret, dress, facts) => {
        const text = dress(secret)
        const { shown, templates, signature } = evidenceOf({ facts, logs: [text], redactor: createRedactor([secret]) })
        const all = [shown, signature, ...templates.map((one) => one.text)].join('\n')
        for (const trace of [secret, Buffer.from(secret).toString('base64')]) expect(all).not.toContain(trace)
      }),
      { numRuns: 400 },
    )
  })
})

describe('in a real home', () => {
  it('facts are the same with and without poisoned logs, and what a life said last is closed words', async () => {
    const paths = temporaryHome()
    const look = () => gatherFacts({ paths, appRoot, environment: {}, symptom: 'exited', fault: null })
    const before = await look()
    mkdirSync(paths.logs, { recursive: true })
    const small = CASES.filter(({ text }) => text.length < 50_000).map(({ text }) => text)
    for (const app of ['agent', 'watchdog', 'dashboard'] as const) {
      writeFileSync(paths.logOf(app), small.join('\n'))
      writeFileSync(paths.errorLogOf(app), small.join('\n'))
    }
    const volatile = ({ disk: _disk, memory: _memory, changed: _changed, ...rest }: Facts) => rest
    const after = await look()
    expect(volatile(after)).toEqual(volatile(before))
    const evidence = evidenceOf({ facts: after, logs: await readLogTails(paths), redactor })
    expect(consultRunbook(evidence)).toEqual(consultRunbook({ facts: after }))
    isHarmless(evidence)
  })

  it('an error that carries an attack brings no word of it into the facts', () => {
    const boot = bootId()
    const base = {
      app: 'agent',
      pid: 4_194_000,
      startTicks: 1,
      nonce: 'n',
      bootId: boot,
      at: '2026-11-21T10:00:00Z',
    } as const
    for (const { text } of CASES.filter((one) => one.text.length < 5_000)) {
      const reason = `unhandled rejection: Error: ${text}`.slice(0, 500)
      const records: LedgerRecord[] = [
        { ...base, monoMs: 1_000, kind: 'start' },
        { ...base, monoMs: 2_000, kind: 'end', code: 1, reason, planned: false },
      ]
      const [end] = lifeEndsOf(records, boot, 3_000)
      expect(end?.reason).toMatch(/^unhandled-rejection Error(?: [A-Za-z_0-9]+)?$/)
      expect(end?.reason).not.toContain(CANARY)
    }
  })
})
