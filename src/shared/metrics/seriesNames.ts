/** PURE: what is measured, by name. The names stand in the database and in addresses: add, never rename. */

/** How the figures of a series are meant. `share` of 1; the CPU of a process is a share of one core and may be more than 1. */
export type SeriesUnit = 'share' | 'bytes' | 'bytes/s' | 'ms' | 'count' | 'load'

/** Our processes, as series begin. */
export const MEASURED = ['agent', 'watchdog', 'dashboard', 'supervisor'] as const

/** One of our processes. */
export type Measured = (typeof MEASURED)[number]

const HOST = {
  'host.cpu': 'share',
  'host.load1': 'load',
  'host.memoryUsed': 'bytes',
  'host.diskUsed': 'bytes',
  'host.networkReceived': 'bytes/s',
  'host.networkSent': 'bytes/s',
  /** How late the mark of the agent's main thread comes. */
  'agent.loopDelay': 'ms',
} as const

const OF_A_PROCESS = { cpu: 'share', memory: 'bytes', descriptors: 'count' } as const

/** A name of a series. */
export type SeriesName = keyof typeof HOST | `${Measured}.${keyof typeof OF_A_PROCESS}`

/** Every series and its unit. */
export const SERIES: ReadonlyMap<string, SeriesUnit> = new Map<SeriesName, SeriesUnit>([
  ...entriesOf(HOST),
  ...MEASURED.flatMap((app) =>
    entriesOf(OF_A_PROCESS).map(([what, unit]) => [`${app}.${what}`, unit] as [SeriesName, SeriesUnit]),
  ),
])

function entriesOf<K extends string>(units: Readonly<Record<K, SeriesUnit>>): [K, SeriesUnit][] {
  return Object.entries(units) as [K, SeriesUnit][]
}
