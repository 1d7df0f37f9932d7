/** What the kernel says of the cost of one of our processes. Linux; elsewhere nothing is said here. */
import { readdirSync, readFileSync, statSync } from 'node:fs'

/** Ticks are hundredths of a second since its start; resident memory in bytes. */
export type ProcessReading = {
  readonly startTicks: number
  readonly cpuTicks: number
  readonly resident: number
}

const FIELD_AFTER_NAME = { user: 11, system: 12, start: 19, resident: 21 } as const
/** Every Linux that we run on. */
const PAGE_BYTES = 4_096

/** Reads `/proc/<pid>/stat` once for all of it; undefined when there is no such process. */
export function readProcess(pid: number): ProcessReading | undefined {
  let text: string
  try {
    text = readFileSync(`/proc/${pid}/stat`, 'latin1')
  } catch {
    return undefined
  }
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
  const field = (index: number) => Number(fields[index])
  return {
    startTicks: field(FIELD_AFTER_NAME.start),
    cpuTicks: field(FIELD_AFTER_NAME.user) + field(FIELD_AFTER_NAME.system),
    resident: field(FIELD_AFTER_NAME.resident) * PAGE_BYTES,
  }
}

/** Open descriptors; null when we may not look. Newer kernels say the number as the size of the folder, older ones say 0 there. */
export function countDescriptors(pid: number): number | null {
  const folder = `/proc/${pid}/fd`
  try {
    return statSync(folder).size || readdirSync(folder).length
  } catch {
    return null
  }
}

/** Proportional set size in bytes: a page that four processes share counts a quarter in each. The kernel walks every page for it: ask rarely. */
export function readProportional(pid: number): number | null {
  try {
    const kib = /^Pss:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'latin1'))?.[1]
    return kib === undefined ? null : Number(kib) * 1_024
  } catch {
    return null
  }
}
