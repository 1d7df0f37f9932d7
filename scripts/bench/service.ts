/**
 * `--rows service`: how the whole tree comes back under a real systemd, in a container of its own. Needs root and Debian's systemd-container;
 * where they are missing the row says so.
 */
import { inBox, missingForBoxes } from '../../test/systemd/box.ts'
import type { Bench, Figure, Outcome } from './measurement.ts'

const BACK_LIMIT_MS = 5_000
/** WatchdogSec of the unit, and five seconds more. */
const HUNG_LIMIT_MS = 35_000
const CHAOS_LIMIT_SEC = 1_500
const DEFAULT_MINUTES = 10

type Seen = { readonly [name: string]: unknown }

/** The bench. One box gives the three kills; another one, when minutes are asked for or by default, fifty kills of random processes. */
export const SERVICE_BENCH: Bench = {
  id: 'service',
  groups: ['promises'],
  title: 'under systemd: three killed, all killed, all hung, fifty random kills',
  async run({ times, minutes = DEFAULT_MINUTES }): Promise<Outcome> {
    const missing = missingForBoxes()
    if (missing) return { figures: {}, notRun: [missing] }
    const seen: Seen[] = []
    for (let turn = 0; turn < times; turn++) seen.push(await see('kills', []))
    const chaos = await see('chaos', [String(minutes)])
    return { figures: { ...figuresOf(seen), ...chaosFigures(chaos) } }
  },
}

async function see(name: string, words: readonly string[]): Promise<Seen> {
  const { code, out } = await inBox(name, words, { limitSec: CHAOS_LIMIT_SEC })
  process.stderr.write('.')
  return code === 0 ? (JSON.parse(out.trimEnd().split('\n').at(-1) ?? '{}') as Seen) : {}
}

function figuresOf(seen: readonly Seen[]): Record<string, Figure> {
  const values = (name: string) => seen.map((one) => (typeof one[name] === 'number' ? (one[name] as number) : null))
  const figure = (title: string, name: string, target: number): Figure => ({
    title,
    unit: 'ms',
    values: values(name),
    target,
  })
  return {
    threeKilled: figure('agent, watchdog and PM2 killed together → all ready', 'threeKilledMs', BACK_LIMIT_MS),
    allKilled: figure('all four killed → all ready, by systemd', 'allKilledMs', BACK_LIMIT_MS),
    hung: figure('all four stopped → all ready, by WatchdogSec', 'hungMs', HUNG_LIMIT_MS),
  }
}

function chaosFigures(chaos: Seen): Record<string, Figure> {
  const count = (name: string) => (typeof chaos[name] === 'number' ? (chaos[name] as number) : null)
  return {
    kills: { title: 'random kills', unit: 'times', values: [count('kills')] },
    back: { title: 'back after them', unit: 'times', values: [count('back')] },
    extra: { title: 'processes too many at the end', unit: 'times', values: [count('extra')], target: 0 },
  }
}
