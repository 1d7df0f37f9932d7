/** How long a person waits: `npm start` and `npm stop` as typed, and the agent's own way from its first line to ready. */
import { execFile } from 'node:child_process'
import { dirname } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { promisify } from 'node:util'
import { createRing, type Ring } from '../../src/drill/ring.ts'
import { readBoots } from '../../src/shared/bootledger.ts'
import { appRoot } from '../../src/shared/paths.ts'
import { round } from './drillBench.ts'
import type { Bench, Outcome } from './measurement.ts'

const run = promisify(execFile)
const COMMAND_LIMIT_MS = 90_000
/** Between two restarts, so that each one meets a ring at rest. */
const PAUSE_MS = 1_500

/** `--rows start`. */
export const START_BENCH: Bench = {
  id: 'start',
  groups: ['promises'],
  title: 'npm start and npm stop',
  async run({ times }) {
    const startNew: number[] = []
    const startAgain: number[] = []
    const stop: number[] = []
    for (let turn = 0; turn < times; turn++) {
      const ring = await createRing()
      try {
        startNew.push(await timeNpm('start', ring))
        stop.push(await timeNpm('stop', ring))
        startAgain.push(await timeNpm('start', ring))
        stop.push(await timeNpm('stop', ring))
      } finally {
        await ring.destroy()
      }
      process.stderr.write('.')
    }
    return {
      figures: {
        startNew: { title: '`npm start` in a new home, until it says that all is ready', unit: 'ms', values: startNew },
        startAgain: { title: '`npm start` in a home that was used before', unit: 'ms', values: startAgain },
        stop: { title: '`npm stop`', unit: 'ms', values: stop },
      },
    }
  },
}

/** The whole command, npm's own time with it. */
async function timeNpm(word: 'start' | 'stop', { paths }: Ring): Promise<number> {
  const env = {
    PATH: `${process.env['PATH'] ?? ''}:${dirname(process.execPath)}`,
    HOME: paths.home,
    LANG: 'C.UTF-8',
    OTTUGI_HOME: paths.home,
    npm_config_update_notifier: 'false',
  }
  const startedAt = performance.now()
  await run('npm', [word], { cwd: appRoot, env, timeout: COMMAND_LIMIT_MS })
  return round(performance.now() - startedAt)
}

/** `--rows restart`. */
export const RESTART_BENCH: Bench = {
  id: 'restart',
  groups: ['promises'],
  title: "the agent's own start",
  async run({ times }) {
    const ring = await createRing()
    try {
      await ring.start()
      return await restartOften(ring, times)
    } finally {
      await ring.destroy()
    }
  },
}

async function restartOften(ring: Ring, times: number): Promise<Outcome> {
  const command: number[] = []
  const ownStart: (number | null)[] = []
  for (let turn = 0; turn < times; turn++) {
    await delay(PAUSE_MS)
    const startedAt = performance.now()
    const { code, err } = await ring.ottugi('restart')
    if (code !== 0) throw new Error(`ottugi restart ended with ${code}: ${err}`)
    command.push(round(performance.now() - startedAt))
    ownStart.push(lastOwnStart(ring))
  }
  return {
    figures: {
      ownStart: { title: 'agent start → ready, by the boot ledger', unit: 'ms', values: ownStart },
      command: { title: '`ottugi restart`, the whole command', unit: 'ms', values: command },
    },
  }
}

/** From the agent's first line in the ledger to the one that says ready. Node's own start comes before both. */
function lastOwnStart({ paths }: Ring): number | null {
  const records = readBoots(paths.boots).filter(({ app }) => app === 'agent')
  const ready = records.findLast(({ kind }) => kind === 'ready')
  const start = records.find(({ kind, nonce }) => kind === 'start' && nonce === ready?.nonce)
  return ready && start ? round(ready.monoMs - start.monoMs) : null
}
