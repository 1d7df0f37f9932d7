/** One folder for everything that a bench starts: what runs carries it in its environment or command line, and is found and ended by that. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { listPids, readCommandLine, readStat } from '../../src/shared/procfs.ts'

/** Makes the folder, and makes it the place for temporary files of this process: homes of rings are made below it. */
export function openBenchFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'ottugi-bench-'))
  process.env['TMPDIR'] = folder
  return folder
}

/** Ends everything that belongs to the folder, then removes it. */
export async function closeBenchFolder(folder: string): Promise<void> {
  await endProcessesOf(folder)
  rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 })
}

const ROUNDS = 10
const ROUND_MS = 100

/** Ends every process that carries the folder. What dies may have been about to start another: looks again until nobody is left. */
export async function endProcessesOf(folder: string): Promise<void> {
  for (let round = 0; round < ROUNDS; round++) {
    const pids = listPids().filter((pid) => pid !== process.pid && belongsTo(pid, folder))
    if (pids.length === 0) return
    for (const pid of pids) kill(pid)
    await delay(ROUND_MS)
  }
}

function belongsTo(pid: number, folder: string): boolean {
  const stat = readStat(pid)
  if (!stat || stat.state === 'Z') return false
  return readCommandLine(pid).includes(`${folder}/`) || environmentOf(pid).includes(`${folder}/`)
}

function environmentOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'utf8')
  } catch {
    return ''
  }
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch {
    // Gone by itself.
  }
}
