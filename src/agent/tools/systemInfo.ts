import type * as si from 'systeminformation'
import * as z from 'zod'
import { defineTool } from './defineTool.ts'

const SECTIONS = ['os', 'cpu', 'memory', 'load', 'disks', 'network', 'battery', 'temperature'] as const
type Section = (typeof SECTIONS)[number]
const USUAL: readonly Section[] = ['os', 'cpu', 'memory', 'load', 'disks']
/** One section may not hold up the others, in milliseconds. */
const SECTION_MS = 8_000

const schema = z.strictObject({ sections: z.array(z.enum(SECTIONS)).max(SECTIONS.length).optional().describe('which') })

/** Tells of the machine. It only looks; it runs with the agent, since the sandbox sees a machine of its own. */
export const systemInfoTool = defineTool({
  name: 'system_info',
  description:
    'See how the machine is: by default os, cpu, memory, load, disks. Returns figures as JSON by section; what cannot be read is named. It refuses to change anything.',
  schema,
  safety: 'pure',
  risk: 0,
  deadlineMs: 20_000,
  maxOutput: 12_000,
  place: 'agent',
  run: async ({ sections = [] }: z.infer<typeof schema>) => {
    const source = await import('systeminformation')
    const wanted = [...new Set(sections.length === 0 ? USUAL : sections)]
    const found = await Promise.all(wanted.map(async (name) => [name, await inTime(READERS[name](source))] as const))
    return { ok: true, text: found.map(([name, value]) => `${name}: ${JSON.stringify(value)}`).join('\n') }
  },
})

type Source = typeof si

const READERS: Readonly<Record<Section, (source: Source) => Promise<unknown>>> = {
  os: async ({ osInfo, time }) => {
    const { platform, distro, release, kernel, arch, hostname } = await osInfo()
    const { uptime, timezone } = time()
    return { platform, distro, release, kernel, arch, hostname, uptimeSec: Math.round(uptime), timezone }
  },
  cpu: async ({ cpu }) => {
    const { manufacturer, brand, speed, cores, physicalCores } = await cpu()
    return { manufacturer, brand, speedGhz: speed, cores, physicalCores }
  },
  memory: async ({ mem }) => {
    const { total, available, used, swaptotal, swapused } = await mem()
    return {
      totalMb: mib(total),
      availableMb: mib(available),
      usedMb: mib(used),
      swapMb: mib(swaptotal),
      swapUsedMb: mib(swapused),
    }
  },
  load: async ({ currentLoad }) => {
    const { avgLoad, currentLoad: percent, cpus } = await currentLoad()
    return { average: avgLoad, percent: Math.round(percent), cores: cpus.length }
  },
  disks: async ({ fsSize }) =>
    (await fsSize()).map(({ fs, mount, size, available, use }) => ({
      fs,
      mount,
      sizeMb: mib(size),
      freeMb: mib(available),
      usedPercent: use,
    })),
  network: async ({ networkInterfaces }) =>
    [await networkInterfaces()]
      .flat()
      .map(({ iface, ip4, ip6, operstate, speed }) => ({ iface, ip4, ip6, state: operstate, speedMbit: speed })),
  battery: async ({ battery }) => {
    const { hasBattery, percent, isCharging, timeRemaining } = await battery()
    return hasBattery ? { percent, isCharging, minutesLeft: timeRemaining } : 'there is none'
  },
  temperature: async ({ cpuTemperature }) => {
    const { main, max } = await cpuTemperature()
    return main === null ? 'no sensor can be read' : { cpuCelsius: main, maxCelsius: max }
  },
}

/** A section that fails or hangs says so; the others stand. */
async function inTime(reading: Promise<unknown>): Promise<unknown> {
  const late = Promise.withResolvers<string>()
  const timer = setTimeout(() => late.resolve('not read: it took too long'), SECTION_MS)
  const failed = (error: unknown) => `not read: ${error instanceof Error ? error.message : String(error)}`
  const value = await Promise.race([reading.catch(failed), late.promise])
  clearTimeout(timer)
  return Array.isArray(value) && value.length === 0 ? 'nothing was found' : value
}

function mib(bytes: number): number {
  return Math.round(bytes / 1_048_576)
}
