/** Links that come and go while the hands work: whatever an action gets done, nothing outside of the home changes, and nobody throws. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, existsSync, mkdirSync, renameSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { basename, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { execute, finishInterrupted } from '../../src/repair/execute.ts'
import { SCENARIOS, type Scenario } from '../repair/scenarios.ts'
import { roomOf, temporaryFolder, temporaryHome } from '../repair/support.ts'
import { fingerprint, makeOutside } from './outside.ts'

/** What is swapped while which action works. */
const RACES: readonly (readonly [action: string, place: string])[] = [
  ['set_mode', 'data'],
  ['set_mode', 'data/agent.db'],
  ['make_dir', 'data'],
  ['make_dir', 'run'],
  ['remove_lock', 'run'],
  ['remove_lock', 'run/start.lock'],
  ['use_fallback_port', 'data'],
  ['restore_config', 'ottugi.yaml'],
  ['restore_config', 'data'],
  ['restore_config', 'data/repairs'],
  ['restore_database', 'data/quarantine'],
  ['restore_database', 'data/repairs'],
  ['free_reserve', 'data'],
  ['free_reserve', 'data/.reserve'],
  ['make_reserve', 'data'],
  ['compress_logs', 'logs'],
  ['compress_logs', 'logs/agent.1.jsonl'],
  ['compress_logs', 'data/repairs'],
  ['prune_tmp', 'data'],
  ['enter_safe_mode', 'data'],
  ['enter_safe_mode', 'run'],
  ['hold_restart', 'data'],
  ['quarantine_job', 'run'],
  ['set_heap_limit', 'data'],
]
/** How often each action is tried while the links come and go. */
const ROUNDS = 12

async function withSwapper<T>(place: string, target: string, work: () => Promise<T>): Promise<T> {
  const order = JSON.stringify({ place, target })
  const swapper = spawn(process.execPath, [join(import.meta.dirname, 'swapper.ts'), order], {
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  const ended = once(swapper, 'exit')
  try {
    await once(swapper.stdout, 'data')
    return await work()
  } finally {
    swapper.kill('SIGKILL')
    await ended
    if (existsSync(`${place}.aside`)) {
      rmSync(place, { recursive: true, force: true })
      renameSync(`${place}.aside`, place)
    }
  }
}

describe.each(RACES)('%s while %s is swapped for a link and back', (action, name) => {
  it('changes nothing outside, and leaves no repair open', async () => {
    const { prepare } = SCENARIOS.find((scenario) => scenario.action === action) as Scenario
    const stranger = createServer().listen(0, '127.0.0.1')
    await once(stranger, 'listening')
    const takenPort = (stranger.address() as { port: number }).port
    const paths = temporaryHome()
    mkdirSync(join(paths.data, 'repairs'), { mode: 0o700 })
    const prepared = await prepare(paths, { folder: temporaryFolder(), takenPort })
    const place = join(paths.home, name)
    const outside = makeOutside()
    const target = join(outside, basename(place))
    // What the link leads to looks like the real one, but for databases: SQLite makes its own files beside those.
    cpSync(place, target, { recursive: true, filter: (path) => !/\.db(-wal|-shm)?$/.test(path) || path === place })
    const before = fingerprint(outside)
    const hands = { paths, environment: { PATH: '' }, readRoom: roomOf(prepared.freeMb ?? 10_000) }
    const request = { action, args: prepared.args, by: 'test', fault: 'test' }
    const results = await withSwapper(place, target, async () => {
      const seen: boolean[] = []
      for (let round = 0; round < ROUNDS; round++) seen.push((await execute(hands, request)).ok)
      return seen
    })
    stranger.close()
    expect(results).toHaveLength(ROUNDS)
    expect(fingerprint(outside)).toEqual(before)
    expect((await finishInterrupted(hands)).ok).toBe(true)
    expect(fingerprint(outside)).toEqual(before)
  })
})
