/** What a sandbox costs a tool call: `node scripts/bench/sandbox.ts [rounds]`. Prints n, median and 95th percentile in milliseconds; asserts nothing. */
import { performance } from 'node:perf_hooks'
import { openSandboxHome } from '../../test/agent/sandbox/support.ts'

const rounds = Number(process.argv[2] ?? 40)
const home = await openSandboxHome({ idleMs: 0 })
const warm = await openSandboxHome()

/** Cold: no child was started ahead, none is kept. Prepared: one was started ahead while the model was thinking. Warm: the session's own. */
const cases: Readonly<Record<string, (round: number) => Promise<number>>> = {
  cold: async (round) => {
    const lone = await openSandboxHome()
    const took = await timed(() => lone.js('return 1', 0, `cold-${round}`))
    await lone.leave()
    return took
  },
  prepared: async (round) => {
    home.runner.prepare()
    await new Promise((ready) => setTimeout(ready, PREPARED_AFTER_MS))
    return timed(() => home.js('return 1', 0, `prepared-${round}`))
  },
  warm: () => timed(() => warm.js('return 1', 0, 'warm')),
  'warm, with a program': () => timed(() => warm.program(['/usr/bin/true'], 'warm')),
}

const PREPARED_AFTER_MS = 700

async function timed(work: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now()
  await work()
  return performance.now() - startedAt
}

for (const [name, measure] of Object.entries(cases)) {
  if (name.startsWith('warm')) await measure(0)
  const took: number[] = []
  for (let round = 1; round <= rounds; round++) took.push(await measure(round))
  took.sort((a, b) => a - b)
  const at = (share: number) => (took[Math.min(took.length - 1, Math.floor(took.length * share))] ?? 0).toFixed(1)
  process.stdout.write(`${name}: n ${rounds}, median ${at(0.5)} ms, p95 ${at(0.95)} ms\n`)
}
await home.leave()
await warm.leave()
