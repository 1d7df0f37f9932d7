import type { SeriesColumn } from '../../../../contractViews.ts'

/** A chart of the host view: a key of its texts, its series with the key (or the name) of each line, and how its axis is read. */
export type HostChart = {
  readonly title: 'cpu' | 'load' | 'memory' | 'disk' | 'network' | 'processCpu' | 'processMemory' | 'loopDelay'
  readonly unit: SeriesColumn['unit']
  readonly lines: readonly {
    readonly series: string
    readonly label: 'cpu' | 'load' | 'memory' | 'disk' | 'received' | 'sent' | null
  }[]
  /** A figure of the present whose size is the top of the axis. */
  readonly top?: 'one' | 'memoryTotal' | 'diskTotal'
  /** Shows how far the values of a bucket lie apart. */
  readonly hasBand?: boolean
}

const APPS = ['agent', 'watchdog', 'dashboard', 'supervisor']

/** All of them, in their order. A line whose label is null is called as its process. */
export const CHARTS: readonly HostChart[] = [
  { title: 'cpu', unit: 'share', lines: [{ series: 'host.cpu', label: 'cpu' }], top: 'one', hasBand: true },
  { title: 'memory', unit: 'bytes', lines: [{ series: 'host.memoryUsed', label: 'memory' }], top: 'memoryTotal' },
  { title: 'load', unit: 'load', lines: [{ series: 'host.load1', label: 'load' }], hasBand: true },
  { title: 'disk', unit: 'bytes', lines: [{ series: 'host.diskUsed', label: 'disk' }], top: 'diskTotal' },
  {
    title: 'network',
    unit: 'bytes/s',
    lines: [
      { series: 'host.networkReceived', label: 'received' },
      { series: 'host.networkSent', label: 'sent' },
    ],
  },
  { title: 'processCpu', unit: 'share', lines: APPS.map((app) => ({ series: `${app}.cpu`, label: null })) },
  { title: 'processMemory', unit: 'bytes', lines: APPS.map((app) => ({ series: `${app}.memory`, label: null })) },
  { title: 'loopDelay', unit: 'ms', lines: [{ series: 'agent.loopDelay', label: null }], hasBand: true },
]
