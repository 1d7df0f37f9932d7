/** What this machine says of itself at one moment. Cheap: it is asked every few seconds, by one who must not be felt. */
import { readFileSync, statfsSync } from 'node:fs'
import { cpus, freemem, loadavg, totalmem } from 'node:os'

/** Counters and levels; null where this machine does not say. Bytes; ticks of all cores together. */
export type HostReading = {
  readonly cpu: { readonly busy: number; readonly total: number } | null
  readonly load1: number
  readonly memoryUsed: number
  readonly memoryTotal: number
  readonly diskUsed: number | null
  readonly diskTotal: number | null
  readonly network: { readonly received: number; readonly sent: number } | null
}

/** Reads it; the disk is the one that `folder` lies on. */
export function readHost(folder: string): HostReading {
  const isLinux = process.platform === 'linux'
  const memory = (isLinux ? memoryFrom(textOf('/proc/meminfo')) : undefined) ?? memoryOfNode()
  return {
    cpu: (isLinux ? cpuFrom(textOf('/proc/stat')) : undefined) ?? cpuOfNode(),
    load1: loadavg()[0] ?? 0,
    memoryUsed: memory.total - memory.available,
    memoryTotal: memory.total,
    ...diskOf(folder),
    network: isLinux ? networkFrom(textOf('/proc/net/dev')) : null,
  }
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'latin1')
  } catch {
    return ''
  }
}

/** PURE. The first line of `/proc/stat`: user, nice, system, idle, iowait, irq, softirq, steal. Waiting for a disk is idle. */
export function cpuFrom(text: string): HostReading['cpu'] {
  const end = text.indexOf('\n')
  const ticks = text
    .slice(0, end < 0 ? 0 : end)
    .trim()
    .split(/ +/)
    .slice(1, 9)
    .map(Number)
  if (ticks.length < 4 || ticks.some((tick) => !Number.isFinite(tick))) return null
  const total = ticks.reduce((sum, tick) => sum + tick, 0)
  return { busy: total - (ticks[3] ?? 0) - (ticks[4] ?? 0), total }
}

function cpuOfNode(): HostReading['cpu'] {
  const sums = cpus().map(({ times }) => ({
    total: times.user + times.nice + times.sys + times.idle + times.irq,
    idle: times.idle,
  }))
  const total = sums.reduce((sum, core) => sum + core.total, 0)
  return total > 0 ? { busy: total - sums.reduce((sum, core) => sum + core.idle, 0), total } : null
}

const TOTAL = /^MemTotal:\s+(\d+) kB/m
const AVAILABLE = /^MemAvailable:\s+(\d+) kB/m

/** PURE. From `/proc/meminfo`, in bytes; undefined where a kernel does not say what is available. */
export function memoryFrom(text: string): { readonly total: number; readonly available: number } | undefined {
  // What is asked for stands at the top of some sixty lines.
  const top = text.slice(0, 256)
  const kib = (line: RegExp) => Number(line.exec(top)?.[1] ?? Number.NaN)
  const [total, available] = [kib(TOTAL) * 1_024, kib(AVAILABLE) * 1_024]
  return Number.isFinite(total + available) ? { total, available } : undefined
}

function memoryOfNode() {
  return { total: totalmem(), available: freemem() }
}

/** Traffic inside this machine, and the inner ends of bridges, which would count twice. */
const INNER = /^(lo\d*|veth.*|docker.*|br-.*|virbr.*)$/

/** PURE. From `/proc/net/dev`: bytes that came and went through every way out of this machine; null without one. */
export function networkFrom(text: string): HostReading['network'] {
  const lines = text.split('\n').flatMap((line) => {
    const [, name = '', rest = ''] = /^\s*([^\s:]+):\s*(.*)$/.exec(line) ?? []
    const figures = rest.split(/\s+/).map(Number)
    const [received = Number.NaN, sent = Number.NaN] = [figures[0], figures[8]]
    return name && !INNER.test(name) && Number.isFinite(received + sent) ? [{ received, sent }] : []
  })
  if (lines.length === 0) return null
  return lines.reduce((sum, one) => ({ received: sum.received + one.received, sent: sum.sent + one.sent }))
}

function diskOf(folder: string): Pick<HostReading, 'diskUsed' | 'diskTotal'> {
  try {
    const { blocks, bfree, bsize } = statfsSync(folder)
    return { diskUsed: (blocks - bfree) * bsize, diskTotal: blocks * bsize }
  } catch {
    return { diskUsed: null, diskTotal: null }
  }
}
