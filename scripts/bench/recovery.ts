/** What recovery must not do, and how quick it looks: a healthy ring with alarming logs, the redaction corpus, ten megabytes of log. */
import { appendFileSync } from 'node:fs'
import { untilKnown } from '../../src/drill/faults/wholeAgain.ts'
import { startLyingProvider } from '../../src/drill/lyingProvider.ts'
import { createRing, type Ring } from '../../src/drill/ring.ts'
import { evidenceOfLog } from '../../src/recovery/evidence.ts'
import { recoverHome } from '../../src/recovery/recoverHome.ts'
import { readJournal } from '../../src/repair/journal.ts'
import { appRoot } from '../../src/shared/paths.ts'
import { createRedactor } from '../../src/shared/redact/redactor.ts'
import { ATTACKS } from '../../test/recovery/logAttacks.ts'
import { cleanLines, knownValues, secretCases } from '../../test/shared/redact/corpus.ts'
import { round } from './drillBench.ts'
import type { Bench, Outcome } from './measurement.ts'

/** Runs on a healthy system: the promise is none of them does anything. */
const NO_FAULT_RUNS = 500
const LOG_BYTES = 10_000_000
const SYMPTOMS = ['exited', 'blocked', 'stopped', 'unreachable', 'refused', null] as const

/** `--rows no-fault`: every alarming line there is, a model that takes what comes first, and a ring that is well. */
export const NO_FAULT_BENCH: Bench = {
  id: 'no-fault',
  groups: ['recovery', 'promises'],
  title: '500 recoveries of a healthy ring with alarming logs',
  async run() {
    const provider = await startLyingProvider('eager')
    const ring = await createRing({ settings: { model: { baseUrl: provider.url }, recovery: { autonomy: 'full' } } })
    try {
      await ring.start()
      await untilKnown(ring)
      return await recoverHealthy(ring)
    } finally {
      await ring.destroy()
      await provider.close()
    }
  },
}

async function recoverHealthy(ring: Ring): Promise<Outcome> {
  const lines = Object.values(ATTACKS).flat()
  const agent = ring.living('agent')?.nonce
  const done: number[] = []
  for (let turn = 0; turn < NO_FAULT_RUNS; turn++) {
    appendFileSync(ring.paths.logOf('agent'), `${lines[turn % lines.length]}\n`)
    const order = { fault: null, symptom: SYMPTOMS[turn % SYMPTOMS.length] ?? null, incident: null }
    const { proposals } = await recoverHome({ paths: ring.paths, appRoot, environment: {}, order, deadlineMs: 10_000 })
    done.push(proposals.filter(({ repairId, ok, undone }) => repairId !== null || ok || undone).length)
  }
  const isSame = ring.living('agent')?.nonce === agent
  // A probe that was late on a busy machine may name an action; its own precondition then refuses it, and `acted` never comes.
  const acted = readJournal(ring.paths.repairsJournal).filter(({ step }) => step === 'acted').length
  return {
    figures: {
      actions: { title: 'actions done by one recovery', unit: 'times', values: done },
      acted: { title: 'acts in the repair journal after all of them', unit: 'times', values: [acted] },
      restarts: { title: 'agents replaced', unit: 'times', values: [isSame ? 0 : 1] },
    },
  }
}

/** `--rows redaction`: our own corpus. */
export const REDACTION_BENCH: Bench = {
  id: 'redaction',
  groups: ['recovery', 'promises'],
  title: 'secrets missed and clean lines changed in the corpus',
  async run() {
    const { redact } = createRedactor(knownValues())
    const secrets = secretCases()
    const clean = cleanLines()
    const missed = secrets.filter(({ line, secret }) => redact(line).includes(secret)).length
    const changed = clean.filter((line) => redact(line) !== line).length
    return {
      figures: {
        missed: { title: 'secrets missed', unit: 'times', values: [missed], note: `of ${secrets.length}` },
        changed: { title: 'clean lines changed', unit: 'times', values: [changed], note: `of ${clean.length}` },
      },
    }
  },
}

/** `--rows evidence`: ten megabytes of log, as text of many lines and as one line. */
export const EVIDENCE_BENCH: Bench = {
  id: 'evidence',
  groups: ['recovery', 'promises'],
  title: 'evidence from 10 MB of log',
  async run({ times }) {
    const redactor = createRedactor(knownValues())
    const text = Object.values(ATTACKS).flat().join('\n')
    const many = `${text}\n`.repeat(Math.ceil(LOG_BYTES / text.length)).slice(0, LOG_BYTES)
    const logs = { many, one: many.replaceAll('\n', ' ') }
    const measure = (log: string) =>
      Array.from({ length: times }, () => {
        const from = performance.now()
        evidenceOfLog(log, redactor)
        return round(performance.now() - from)
      })
    return {
      figures: {
        lines: { title: 'many lines', unit: 'ms', values: measure(logs.many) },
        line: { title: 'one line without an end', unit: 'ms', values: measure(logs.one) },
      },
    }
  },
}
