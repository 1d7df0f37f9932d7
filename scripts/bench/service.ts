/**
 * `--rows service`: how the whole tree comes back under a real systemd, in machines of its own. Needs root and Debian's systemd-container;
 * where they are missing the row says so.
 */
import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { appRoot } from '../../src/shared/paths.ts'
import { inBox, missingForBoxes } from '../../test/systemd/box.ts'
import { makeMachine } from '../../test/systemd/machine.ts'
import type { Bench, Figure, Outcome } from './measurement.ts'

const BACK_LIMIT_MS = 5_000
/** WatchdogSec of the unit, and five seconds more. */
const HUNG_LIMIT_MS = 35_000
const UPDATE_LIMIT_MS = 3_000
const DEFAULT_MINUTES = 10
const KILLS = 50
/** Beside the minutes that are asked for: each kill may have to wait for a tree that comes back. */
const BOX_LIMIT_SEC = 900

type Seen = { readonly [name: string]: unknown }

/** The bench. `times`: boxes with four kinds of kills, and pairs of boxes for a reboot. Once: fifty kills at random over the minutes, with questions. */
export const SERVICE_BENCH: Bench = {
  id: 'service',
  groups: ['promises'],
  title: 'under systemd: reboot, three killed, all killed, hung, fifty random kills',
  async run({ times, minutes = DEFAULT_MINUTES }): Promise<Outcome> {
    return underSystemd(async (see) => {
      const kills: Seen[] = []
      const reboots: Seen[] = []
      for (let turn = 0; turn < times; turn++) {
        reboots.push(await reboot(see))
        kills.push(await see('kills', [], {}))
      }
      const random = await see('randomKills', [String(minutes), String(KILLS)], {
        limitSec: BOX_LIMIT_SEC + Math.ceil(minutes * 60),
      })
      return { ...killFigures(kills), ...rebootFigures(reboots), ...randomFigures(random) }
    })
  },
}

/** `--rows service-update`: three updates in each of so many boxes. */
export const SERVICE_UPDATE_BENCH: Bench = {
  id: 'service-update',
  groups: ['promises'],
  title: 'under systemd: an update, one that fails, and the way back',
  async run({ times }): Promise<Outcome> {
    return underSystemd(async (see) => {
      const updates: Seen[] = []
      for (let turn = 0; turn < times; turn++) updates.push(await see('updates', [], {}))
      return updateFigures(updates)
    })
  },
}

type See = (name: string, words: readonly string[], options: Parameters<typeof inBox>[2]) => Promise<Seen>

/** Measures with boxes, or says what is missing for them; scenarios that failed are told beside the figures. */
async function underSystemd(measure: (see: See) => Promise<Outcome['figures']>): Promise<Outcome> {
  const missing = missingForBoxes()
  if (missing) return { figures: {}, notRun: [missing] }
  execFileSync(process.execPath, [join(appRoot, 'scripts', 'buildRescue.ts')], { cwd: appRoot })
  const failures: string[] = []
  const figures = await measure(seeing(failures))
  return { figures, ...(failures.length > 0 ? { notRun: failures } : {}) }
}

/** Plays a scenario; one that fails gives nothing, and its last words are kept. */
function seeing(failures: string[]): See {
  return async (name, words, options) => {
    const { code, out } = await inBox(name, words, { limitSec: BOX_LIMIT_SEC, isMeasured: true, ...options })
    process.stderr.write('.')
    const lines = out.trimEnd().split('\n')
    if (code === 0) return JSON.parse(lines.at(-1) ?? '{}') as Seen
    failures.push(`${name} ended with ${code}: ${lines[0] ?? ''}`)
    return {}
  }
}

/** Two machines, one after the other, with the same home. */
async function reboot(see: See): Promise<Seen> {
  const { place, home, keep, remove } = makeMachine()
  try {
    await see('beforeReboot', [appRoot, home, keep], { shared: [place] })
    return await see('afterReboot', [appRoot, home], { shared: [place], kept: keep })
  } finally {
    remove()
  }
}

function killFigures(seen: readonly Seen[]): Record<string, Figure> {
  const figure = (title: string, name: string, target: number): Figure => ({
    title,
    unit: 'ms',
    values: seen.map((one) => numberIn(one, name)),
    target,
  })
  return {
    threeKilled: figure('agent, watchdog and PM2 killed together → all ready', 'threeKilledMs', BACK_LIMIT_MS),
    allKilled: figure('all four killed → all ready, by systemd', 'allKilledMs', BACK_LIMIT_MS),
    watchdogHung: figure('watchdog stopped → all ready', 'watchdogHungMs', HUNG_LIMIT_MS),
    hung: figure('all four stopped → all ready, by WatchdogSec', 'hungMs', HUNG_LIMIT_MS),
  }
}

function rebootFigures(seen: readonly Seen[]): Record<string, Figure> {
  const values = seen.map((one) => numberIn(one, 'readyMs'))
  return {
    reboot: { title: 'first process of the machine → all ready', unit: 'ms', values, target: BACK_LIMIT_MS },
  }
}

function updateFigures(seen: readonly Seen[]): Record<string, Figure> {
  const figure = (title: string, name: string): Figure => ({
    title: `without an answer inside the unit: ${title}`,
    unit: 'ms',
    values: seen.map((one) => numberIn((one[name] ?? {}) as Seen, 'downMs')),
    target: UPDATE_LIMIT_MS,
  })
  return {
    update: figure('`ottugi update`', 'good'),
    updateBack: figure('`ottugi update --back`', 'back'),
    failedUpdate: figure(
      'a version that ends in its place, with a new form of the databases, takes itself back',
      'bad',
    ),
  }
}

function randomFigures(seen: Seen): Record<string, Figure> {
  const count = (name: string) => [numberIn(seen, name)]
  const strangers = Array.isArray(seen['strangers']) ? seen['strangers'].length : null
  const note = `${seen['accepted']} of ${seen['asked']} questions were accepted at the first try or a later one`
  return {
    kills: { title: 'random kills', unit: 'times', values: count('kills') },
    back: { title: 'all ready again after them', unit: 'times', values: count('back') },
    strangers: { title: 'orphans and duplicates at the end', unit: 'times', values: [strangers], target: 0 },
    lost: { title: 'accepted messages lost', unit: 'times', values: count('lost'), target: 0, note },
  }
}

function numberIn(seen: Seen, name: string): number | null {
  const value = seen[name]
  return typeof value === 'number' ? value : null
}
