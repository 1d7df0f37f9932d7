/** Inside a mount namespace of its own: a small disk, a home on it, and everything that may fill it. Prints what came of it as one line of JSON. */
import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statfsSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { stageRestore } from '../../src/service/backup/stageRestore.ts'
import { takeBackup } from '../../src/service/backup/takeBackup.ts'
import { proveRelease } from '../../src/service/update/proveRelease.ts'
import { stageRelease } from '../../src/service/update/stageRelease.ts'
import { appRoot, homePaths } from '../../src/shared/paths.ts'
import { ownProgram } from '../../src/shared/programOf.ts'
import { FILES, fillJournal, journalOf, writeFiles } from './backup/livedHome.ts'

const [folder = ''] = process.argv.slice(2)
execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=12m,mode=0700', 'ottugi-full', folder])
const paths = homePaths(join(folder, 'home'))
for (const path of [paths.home, paths.data, paths.backups, paths.run]) mkdirSync(path, { mode: 0o700 })
writeFiles(paths.home, FILES)
fillJournal(paths.agentDb, 3)

const outside = mkdtempSync(join(tmpdir(), 'ottugi-full-'))
const facts = { paths, version: '0.1.0', at: '2026-02-03T04:05:06.000Z', environment: {} }
// It says that there is room: what is asked is what happens when that turns out wrong.
const readRoom = () => ({ freeBytes: 1e12, freeInodes: 1e6, isLow: false, isFull: false })
const file = join(outside, 'b')
const kept = await takeBackup({ ...facts, readRoom, file, secrets: true, workspace: true })
if (!kept.ok) throw new Error(kept.detail)

/** Leaves so many bytes. */
function fill(leftBytes: number): void {
  const { bavail, bsize } = statfsSync(folder)
  writeFileSync(join(folder, 'filler'), Buffer.alloc(Math.max(0, bavail * bsize - leftBytes)))
}
const outcome = (result: { ok: boolean; fault?: string }) => (result.ok ? 'done' : result.fault)

fill(60_000)
const backup = outcome(
  await takeBackup({ ...facts, readRoom, file: join(paths.backups, 'b'), secrets: true, workspace: true }),
)
const restore = outcome(await stageRestore({ ...facts, readRoom, file, program: ownProgram() }))
const update = outcome(
  await stageRelease({ ...facts, readRoom, base: ownProgram(), source: { kind: 'folder', path: appRoot } }),
)
// As full when only the databases are left to be copied.
const program = ownProgram()
const proof = await proveRelease({ ...facts, program, own: program, folder: join(paths.data, 'proof') })
const tried = proof.ok ? 'done' : proof.why
const names = (path: string) => {
  try {
    return readdirSync(path)
  } catch {
    return []
  }
}
const left = {
  backups: names(paths.backups),
  swaps: names(join(paths.data, 'swaps')),
  proofs: names(paths.data).filter((name) => name === 'proof' || name === 'trial'),
  releases: names(join(paths.home, 'releases')),
}
rmSync(join(folder, 'filler'))
const settings = readFileSync(paths.settings, 'utf8')
process.stdout.write(
  `${JSON.stringify({ backup, restore, update, tried, left, journal: journalOf(paths.agentDb).ends, settings })}\n`,
)
rmSync(outside, { recursive: true, force: true })
