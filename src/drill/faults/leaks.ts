/** Rows 6 and 7: memory or descriptors that are never given back, in an agent that is at work. */
import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { readBoots } from '../../shared/bootledger.ts'
import { type Drill, expectThat, type Measured, type Stage } from '../drill.ts'
import { FAULT_ENVIRONMENT, runInAgent } from '../inspector.ts'
import type { RingOptions } from '../ring.ts'
import { waitFor } from '../waitFor.ts'
import { type Asking, startAsking } from './unlostRuns.ts'
import { degradedWhen, expectNobodyNeeded, expectOneIncident, expectOneOfEach, untilKnown } from './wholeAgain.ts'

/** A leak of 20 MiB a second needs half a minute to fill what an agent may have: until then it must have been seen. */
const SEEN_LIMIT_MS = 90_000
const PRLIMIT = '/usr/bin/prlimit'
const FEW_DESCRIPTORS = 256

function withHeap(maxHeapMb: number): RingOptions {
  return { ...FAULT_ENVIRONMENT, settings: { ...FAULT_ENVIRONMENT.settings, agent: { maxHeapMb } } }
}

/** Keeps what `piece` makes, 2 MiB each 100 ms. */
function keeping(piece: string): string {
  return `globalThis.ottugiDrillKeeps = []; setInterval(() => ottugiDrillKeeps.push(${piece}), 100); 0`
}

/** Opens descriptors until `share` of the limit is open, ten each 100 ms. */
function opening(share: number): string {
  const most = Math.floor(FEW_DESCRIPTORS * share)
  return `globalThis.ottugiDrillKeeps ??= []; (() => {
    const { openSync, readdirSync } = process.getBuiltinModule('node:fs')
    const isMore = () => readdirSync('/proc/self/fd').length <= ${most}
    const timer = setInterval(() => {
      for (let n = 0; n < 10 && isMore(); n++) ottugiDrillKeeps.push(openSync('/dev/null'))
    }, 100)
  })(); 0`
}

type Leak = { readonly fault: string; readonly begin: (stage: Stage) => Promise<number> }

/** The agent leaves by itself before the limit; its successor finishes what it had accepted; it is one incident, and nobody is needed. */
async function leaked(stage: Stage, { fault, begin }: Leak): Promise<Measured> {
  const { ring, agent } = stage
  await untilKnown(ring)
  const asking = await startAsking(ring, agent)
  try {
    return await leakedWhile(asking, stage, { fault, begin })
  } finally {
    await asking.stop()
  }
}

async function leakedWhile(asking: Asking, stage: Stage, { fault, begin }: Leak): Promise<Measured> {
  const { ring, agent } = stage
  const leaking = await ring.nextAgent(agent)
  const startedAt = await begin(stage)
  await ring.nextAgent(leaking, SEEN_LIMIT_MS)
  const healedMs = performance.now() - startedAt
  const lost = await asking.lostRuns()
  const incident = await expectOneIncident(ring, { fault, outcome: 'healed' })
  const reason = expectBeforeTheLimit(stage, leaking.nonce, fault)
  await expectOneOfEach(ring)
  await expectNobodyNeeded(ring)
  return { healedMs, incident, dataLost: lost, note: `${reason}; ${asking.summary()}` }
}

/** The ledger has the reason, with figures that are below the limit. */
function expectBeforeTheLimit({ ring }: Stage, nonce: string, fault: string): string {
  const end = readBoots(ring.paths.boots).find((record) => record.kind === 'end' && record.nonce === nonce)
  const reason = end?.kind === 'end' ? end.reason : 'no end'
  const [, used, limit] = /(\d+) of (\d+)/.exec(reason) ?? []
  expectThat(reason.startsWith(`${fault}: `), `an end that says ${fault}, got ${reason}`)
  expectThat(Number(used) < Number(limit), `an end before the limit, got ${reason}`)
  return reason
}

const memoryLeak: Drill = {
  id: 'memory-leak',
  row: 6,
  title: 'the heap grows by 20 MiB a second',
  options: withHeap(256),
  run: (stage) =>
    leaked(stage, {
      fault: 'memory-leak',
      begin: ({ ring }) => runInAgent(ring, keeping('Array(262_144).fill(Math.random())')),
    }),
}

const bufferLeak: Drill = {
  id: 'buffer-leak',
  row: 6,
  title: 'memory outside the heap grows by 20 MiB a second',
  options: withHeap(96),
  run: (stage) =>
    leaked(stage, {
      fault: 'memory-leak',
      begin: ({ ring }) => runInAgent(ring, keeping('Buffer.alloc(2_097_152, 1)')),
    }),
}

const descriptorLeak: Drill = {
  id: 'descriptor-leak',
  row: 7,
  title: 'descriptors are opened and never closed',
  options: FAULT_ENVIRONMENT,
  missing: () => (existsSync(PRLIMIT) ? undefined : `needs ${PRLIMIT}, which lowers the limit of a running process`),
  run: (stage) => leaked(stage, { fault: 'descriptor-leak', begin: leakDescriptors }),
}

/** First so many that it is said, then more. */
async function leakDescriptors({ ring }: Stage): Promise<number> {
  const pid = await waitFor('a living agent', 5_000, () => ring.living('agent')?.pid)
  execFileSync(PRLIMIT, ['--pid', String(pid), `--nofile=${FEW_DESCRIPTORS}:${FEW_DESCRIPTORS}`])
  await runInAgent(ring, opening(0.7))
  await degradedWhen(ring, 'the descriptors to be said', (said) => said.some((one) => one.startsWith('descriptors:')))
  return runInAgent(ring, opening(0.95))
}

/** Rows 6 and 7. */
export const LEAK_DRILLS: readonly Drill[] = [memoryLeak, bufferLeak, descriptorLeak]
