/** PID 1 of a test: leaves an orphan behind, sees it end as a zombie, takes it in, and prints what became of that and of a child of its own. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { waitFor } from '../../src/drill/waitFor.ts'
import { createReaper } from '../../src/service/containerReaper.ts'
import { listPids, readStat } from '../../src/shared/procfs.ts'

const LIMIT_MS = 20_000

function zombies(): number[] {
  return listPids().filter((pid) => readStat(pid)?.parentPid === process.pid && readStat(pid)?.state === 'Z')
}

// `setsid --fork` ends at once, and its own child becomes ours.
const parent = spawn('setsid', ['--fork', 'true'], { stdio: 'ignore' })
await once(parent, 'exit')
const orphans = await waitFor('a zombie', LIMIT_MS, () => (zombies().length > 0 ? zombies() : undefined))

const reap = await createReaper()
const child = spawn('true', { stdio: 'ignore' })
const ended = once(child, 'exit')
// The loop does not turn before this is over, so Node cannot have taken in its own child's end yet.
const deadline = performance.now() + LIMIT_MS
while (readStat(child.pid ?? 0)?.state !== 'Z' && performance.now() < deadline);
const reaped = reap?.(new Set([child.pid ?? 0])) ?? 0
const left = zombies().filter((pid) => pid !== child.pid)
const [code] = await ended
process.stdout.write(JSON.stringify({ pid: process.pid, orphans: orphans.length, reaped, left, own: code }))
