/** Row 13: files of ours that are open to others, or closed to us. */
import { chmodSync, readFileSync, statSync } from 'node:fs'
import type { HomePaths } from '../../shared/paths.ts'
import { type Drill, expectThat } from '../drill.ts'
import { expectNobodyNeeded, expectOneIncident, expectOneOfEach } from './wholeAgain.ts'

type Spoiled = { readonly name: string; readonly path: string; readonly mode: number; readonly mended: number }

/** What is spoiled, and the mode that it must have afterwards. A database closed to us means something to an ordinary user only. */
const spoiledIn = ({ env, agentDb, data }: HomePaths): readonly Spoiled[] => [
  { name: 'env', path: env, mode: 0o644, mended: 0o600 },
  { name: 'agent-db', path: agentDb, mode: 0o000, mended: 0o600 },
  { name: 'data', path: data, mode: 0o777, mended: 0o755 },
]

const modeOf = (path: string) => statSync(path).mode & 0o777

/** Each repair is on record with the mode from before: that is its undo. */
function expectUndoOnRecord({ repairsJournal }: HomePaths, spoiled: readonly Spoiled[]): void {
  const steps = readFileSync(repairsJournal, 'utf8').split('\n').filter(Boolean)
  const entries = steps.map(
    (line) => JSON.parse(line) as { step: string; args: { file?: string }; data?: { mode?: number } },
  )
  for (const { name, mode } of spoiled) {
    const own = entries.filter(({ args }) => args.file === name)
    const before = own.find(({ step }) => step === 'snapshot')?.data?.mode
    expectThat(before === mode, `the old mode of ${name} on record, got ${before?.toString(8)}`)
    expectThat(own.at(-1)?.step === 'committed', `the repair of ${name} to be committed, got ${own.at(-1)?.step}`)
  }
}

const modes: Drill = {
  id: 'modes',
  row: 13,
  title: 'wrong modes: .env open to all, agent.db closed to us, data open to all',
  async run({ ring, agent }) {
    const spoiled = spoiledIn(ring.paths)
    for (const { path, mode } of spoiled) chmodSync(path, mode)
    const startedAt = performance.now()
    process.kill(agent.pid, 'SIGKILL')
    const next = await ring.nextAgent(agent)
    const healedMs = performance.now() - startedAt
    expectThat(next.url === agent.url, `the same address ${agent.url}, got ${next.url}`)
    for (const { name, path, mended } of spoiled) {
      expectThat(modeOf(path) === mended, `${name} to have mode ${mended.toString(8)}, got ${modeOf(path).toString(8)}`)
    }
    expectUndoOnRecord(ring.paths, spoiled)
    const incident = await expectOneIncident(ring, { tier: 'guardian', fault: 'wrong-mode', outcome: 'healed' })
    await expectOneOfEach(ring)
    await expectNobodyNeeded(ring)
    return { healedMs, incident, note: process.getuid?.() === 0 ? 'as root, to whom no file is closed' : '' }
  },
}

/** Row 13. */
export const MODE_DRILLS: readonly Drill[] = [modes]
